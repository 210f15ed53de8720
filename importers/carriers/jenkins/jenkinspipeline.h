// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/carriers/jenkins/jenkinsdecoder.h"
#include "importers/core/spantree.h"

#include <QHash>

namespace faultline {

/// The blocks of a pipeline as its console tells them (workflow-job plugin): "[Pipeline] stage", "[Pipeline] { (Name)", "[Pipeline] }",
/// "[Pipeline] // stage", "[Pipeline] sh"; in parallel branches also "[Pipeline] [branch] sh".
class JenkinsPipeline
{
public:
    JenkinsPipeline(SpanTree &spans, JenkinsDecoder &decoder)
        : m_spans(spans)
        , m_decoder(decoder)
    {
    }

    /// What stands after "[Pipeline] ".
    void take(std::string_view what, const TextLine &line, TextSink &sink);
    /// `Stage "Deploy" skipped due to earlier failure(s)`
    void skipStage();
    /// "Failed in branch unit"
    void failBranch(std::string_view name);
    /// Branches that lie in no stage are the job's own: their lines overlap, so one would seem to lie in the other.
    void adopt(int job, TextSink &sink) const;
    void finish(Outcome outcome, const TextLine &end, LineReader &lines, TextSink &sink);

private:
    static constexpr size_t MostBranches = 200;

    struct Stage {
        int span = -1;
        int steps = 0;
        bool skipped = false;
        bool failed = false;
        bool unsure = false; ///< A branch among others whose lines are not told apart.
    };
    struct Branch {
        QByteArray name;
        int span = -1;
        std::vector<int> open; ///< Blocks of lines that name the branch.
        int step = -1;
        qint64 firstLine = 0;
    };
    /// Blocks that are open, -1 for those without a name; of a branch, or of the lines that name none.
    struct Place {
        std::vector<int> &open;
        int &step;
        int around; ///< The branch's span.
    };
    Place placeOf(std::string_view &what);
    void openBlock(std::string_view what, const TextLine &line, TextSink &sink, const Place &place);
    void closeBlock(const TextLine &line, TextSink &sink, const Place &place);
    void addStage(int span);
    Stage *stageOf(int span);
    void openBranch(std::string_view name, const TextLine &line, TextSink &sink);
    int parent(const Place &place) const;
    int branchesParent() const;
    bool isAmbiguous(const Place &place) const;
    void countStep(int around, bool ambiguous);
    void markStages(Outcome outcome, TextSink &sink) const;
    /// False where no line says of which branch it is.
    bool addRuns(const TextLine &end, LineReader &lines, TextSink &sink);

    SpanTree &m_spans;
    JenkinsDecoder &m_decoder;
    std::vector<int> m_open;
    std::vector<size_t> m_parallel; ///< How many blocks were open where each open "parallel" began.
    std::vector<Branch> m_branches;
    std::vector<Stage> m_stages;
    QHash<int, size_t> m_stageOfSpan;
    int m_step = -1;
    int m_openBranches = 0;
    int m_tooDeep = 0; ///< Blocks that were opened below the cap.
};

} // namespace faultline
