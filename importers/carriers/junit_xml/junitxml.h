// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

struct ReportDialect;

/// A test report in XML. Its text is read twice: as lines, so that what a test printed means the same as in a log, and as XML, for suites
/// and cases.
class TestReportCarrier : public Carrier
{
public:
    std::vector<QByteArray> marks() const final { return {}; }
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const final;
    bool scanText(std::string_view lines, QByteArray &into) const final;
    bool wantsRecogniser(QByteArrayView id) const final;

protected:
    virtual const ReportDialect &dialect() const = 0;
};

/// JUnit XML, as Ant, Surefire, Gradle, pytest, gotestsum, go-junit-report, Google Test, CTest, Jest and many others write it.
class JunitXmlCarrier final : public TestReportCarrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;

protected:
    const ReportDialect &dialect() const override;
};

/// Reports of NUnit 3 and NUnit 2.
class NunitXmlCarrier final : public TestReportCarrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;

protected:
    const ReportDialect &dialect() const override;
};

/// Reports of xUnit.net, version 2 and 3.
class XunitXmlCarrier final : public TestReportCarrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;

protected:
    const ReportDialect &dialect() const override;
};

/// Visual Studio's .trx, as `dotnet test --logger trx` writes it.
class TrxCarrier final : public TestReportCarrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;

protected:
    const ReportDialect &dialect() const override;
};

} // namespace faultline
