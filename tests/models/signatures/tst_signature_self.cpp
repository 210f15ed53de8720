// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/check.h"
#include "models/signatures/signatureset.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

class TestSignatureSelf : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shippedFilesAreSound_data()
    {
        QTest::addColumn<QString>("path");
        const QDir folder(u":/faultline/signatures"_s);
        for (const QString &name : folder.entryList({u"*.yaml"_s}, QDir::Files))
            QTest::newRow(qPrintable(name)) << folder.filePath(name);
    }
    void shippedFilesAreSound()
    {
        QFETCH(QString, path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto errors = checkSignatureFile(file.readAll(), path);
        for (const Error &error : errors)
            qWarning("%s", qPrintable(error.toString()));
        QCOMPARE(errors.size(), size_t(0));
    }

    void examplesHold()
    {
        const auto set = SignatureSet::load({});
        QVERIFY2(set, set ? "" : qPrintable(set.error().toString()));
        QVERIFY((*set)->signatures().size() >= 90);
        QVERIFY(selfTest(**set).empty());
    }

    void entriesAreWhole()
    {
        const auto set = SignatureSet::load({});
        QVERIFY(set);
        for (const Signature &signature : (*set)->signatures()) {
            QVERIFY2(!signature.doc.isEmpty(), signature.id.constData());
            QVERIFY2(!signature.sources.empty(), signature.id.constData());
            // What ends a step tells no cause; what failed says so in words.
            if (!signature.failure.isEmpty())
                QVERIFY2(signature.role != Role::Context, signature.id.constData());
        }
    }
};

FAULTLINE_TEST(TestSignatureSelf)
#include "tst_signature_self.moc"
