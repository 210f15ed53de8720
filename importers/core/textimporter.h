// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// Reads any text: a carrier cuts it into records, all recognisers and signatures read the payloads. One pass of the scanner over the
/// bytes finds the lines that matter; only those are decoded.
class TextImporter final : public Importer
{
public:
    struct PlannedRecogniser {
        const Recogniser *recogniser = nullptr;
        int firstTrigger = 0; ///< Its place in the scan patterns behind the signatures.
    };

    /// `firstMark` is the place of the carrier's marks in the scan patterns behind the signatures. Nothing is owned.
    TextImporter(const Carrier &carrier, int firstMark, std::vector<PlannedRecogniser> recognisers);
    ~TextImporter() override;
    Q_DISABLE_COPY_MOVE(TextImporter)

    ImporterInfo info() const override { return m_carrier.info(); }
    SniffResult sniff(const SourceHead &head) const override { return m_carrier.sniff(head); }
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const override;

    /// By scan pattern: whether its hits matter in sources of this carrier that are of this kind.
    std::vector<bool> wantedPatterns(const SignatureSet *signatures, SourceKind kind) const;

private:
    /// Those of the planned recognisers that apply.
    std::vector<PlannedRecogniser> recognisersFor(SourceKind kind) const;

    const Carrier &m_carrier;
    int m_firstMark;
    std::vector<PlannedRecogniser> m_recognisers;
};

/// Gives each span without a parent the innermost job, step or section around it.
void nestSpans(std::vector<Span> &spans);

} // namespace faultline
