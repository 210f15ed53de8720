// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/kubeobject.h"

#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "importers/state/describewriter.h"
#include "importers/state/kubeinterpreter.h"
#include "models/core/translate.h"

namespace faultline {

namespace {

QByteArrayView withoutBom(QByteArrayView bytes)
{
    if (bytes.startsWith("\xEF\xBB\xBF"))
        bytes = bytes.sliced(3);
    return bytes.trimmed();
}

bool isJson(QByteArrayView bytes)
{
    const QByteArrayView text = withoutBom(bytes.first(std::min<qsizetype>(bytes.size(), 4096)));
    return text.startsWith('{') || text.startsWith('[');
}

} // namespace

ImporterInfo KubeObject::info() const
{
    return {"kube-object", tr("Objects of Kubernetes (YAML, JSON)"), SourceKind::KubeObject, TimeBasis::Utc};
}

SniffResult KubeObject::sniff(const SourceHead &head) const
{
    if (isJson(head.bytes)) {
        const QByteArrayView text = withoutBom(head.bytes);
        const QByteArrayView start = text.first(std::min<qsizetype>(text.size(), 256));
        // The API sorts by key, or puts the version second.
        const bool version = start.contains("\"apiVersion\"");
        const bool object = text.contains("\"metadata\"") && (text.contains("\"kind\"") || text.contains("\"items\""));
        if (version && object)
            return {95, tr("it is JSON with apiVersion, kind and metadata")};
        // Cut to what somebody asked for, as jq does.
        const bool isPod = start.contains("\"kind\": \"Pod\"") || start.contains("\"kind\":\"Pod\"");
        return isPod && object ? SniffResult{85, tr("it is JSON of a pod, with kind and metadata")} : SniffResult{};
    }
    bool version = false;
    int known = 0;
    for (const std::string_view line : headLines(head)) {
        version = version || line.starts_with("apiVersion: ");
        for (const std::string_view key : {"kind: ", "metadata:", "items:", "spec:", "status:", "involvedObject:"})
            known += line.starts_with(key);
    }
    return version && known >= 1 ? SniffResult{95, tr("it is YAML with apiVersion, kind and metadata")} : SniffResult{};
}

ImportOutcome KubeObject::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                               const ImportContext &context) const
{
    evidence.kind = SourceKind::KubeObject;
    const auto text = WholeText::read(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    if (context.cancel.isCancelled())
        return ImportOutcome::Cancelled;
    KubeInterpreter interpreter;
    qint64 objects = 0;
    readObjects(*text, isJson(text->bytes()), evidence, context.forced, [&](ObjectNode &&object) {
        interpreter.add(object);
        ++objects;
    });
    if (interpreter.leftOut() > 0)
        addNote(evidence, Severity::Warning, Code::LimitReached, {},
                tr("%1 objects or events more than are held were left out").arg(interpreter.leftOut()));
    const Description description = interpreter.take();
    const bool known = objects > 0 && std::ranges::any_of(description.objects, [](const DescribedObject &object) {
                           return !object.name.isEmpty();
                       });
    if (!known)
        addNote(evidence, context.forced ? Severity::Error : Severity::Info, Code::BadSyntax, {1, 1, 0},
                tr("No object with a name"));
    writeDescription(*text, description, findCapture(description, evidence.modified), evidence);
    if (!description.latest)
        evidence.basis = TimeBasis::Utc; // no time at all, and none would be an age
    return ImportOutcome::Read;
}

} // namespace faultline
