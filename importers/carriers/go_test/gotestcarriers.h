// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// The output of `go test`, with or without -v, in a file of its own: no times but durations.
class GoTestCarrier final : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override { return {}; }
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
};

/// `go test -json` (cmd/test2json): one event a line. Other lines in between (build errors, a wrapper's output) are read as text.
class GoTestJsonCarrier final : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override;
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
    bool scanText(std::string_view lines, QByteArray &into) const override;
    bool wantsRecogniser(QByteArrayView id) const override { return id != "gotest"; }
};

/// A goroutine dump in a file of its own: net/http/pprof's goroutine?debug=2, or what SIGQUIT printed.
class GoroutineDumpCarrier final : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override { return {}; }
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
};

} // namespace faultline
