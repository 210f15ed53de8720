// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/runshown.h"
#include "tests/support/test.h"

using namespace faultline;

namespace {

Evidence of(SourceKind kind, bool hasEvent = false)
{
    auto source = std::make_shared<SourceEvidence>();
    source->kind = kind;
    if (hasEvent)
        source->events.emplace_back();
    return Evidence{{source}};
}

} // namespace

class TestRunShown : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsARunFromOtherFiles()
    {
        QVERIFY(!showsARun(Evidence{}));
        QVERIFY(!showsARun(of(SourceKind::Other)));
        QVERIFY(!showsARun(of(SourceKind::Log)));
        QVERIFY(!showsARun(of(SourceKind::Metrics)));
        QVERIFY(showsARun(of(SourceKind::Log, true)));
        QVERIFY(showsARun(of(SourceKind::CiLog)));
        QVERIFY(showsARun(of(SourceKind::KubeDescribe)));
    }
};

FAULTLINE_TEST(TestRunShown)
#include "tst_runshown.moc"
