// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/circleci/circlejson.h"

#include "importers/core/headlines.h"
#include "importers/core/stamps.h"
#include "importers/metrics/jsonrepair.h"
#include "models/core/translate.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace faultline {

namespace {

void appendMessage(const QJsonObject &message, QByteArray &text, bool &lineIsOpen)
{
    const QByteArray stated = message[QStringLiteral("time")].toString().toUtf8();
    const auto stamp = readIsoStamp({stated.constData(), static_cast<size_t>(stated.size())});
    const bool isError = message[QStringLiteral("type")] == QStringLiteral("err");
    const QByteArray prefix =
        (stamp ? toRfc3339(TimeNs{stamp->time.ns}) + ' ' : QByteArray()) + (isError ? "E " : "O ");
    const QByteArray all = message[QStringLiteral("message")].toString().toUtf8();
    for (qsizetype from = 0; from < all.size();) {
        const qsizetype lf = all.indexOf('\n', from);
        const qsizetype end = lf < 0 ? all.size() : lf + 1;
        if (!lineIsOpen)
            text += prefix;
        text += all.sliced(from, end - from);
        lineIsOpen = lf < 0;
        from = end;
    }
}

/// The build as API v1.1 tells it: steps with actions, when and how they ended, and a link where their output would be. Written as lines of
/// the output are, so that they are read as those are.
QByteArray stepLines(const QJsonArray &steps)
{
    QByteArray text;
    const auto add = [&text](const QJsonValue &time, const QByteArray &line) {
        const QByteArray stated = time.toString().toUtf8();
        const auto stamp = readIsoStamp({stated.constData(), static_cast<size_t>(stated.size())});
        text += (stamp ? toRfc3339(TimeNs{stamp->time.ns}) + ' ' : QByteArray()) + "O " + line + '\n';
    };
    for (const QJsonValue &step : steps) {
        const QJsonArray actions = step[QStringLiteral("actions")].toArray();
        for (const QJsonValue &action : actions) {
            const QJsonValue begin = action[QStringLiteral("start_time")];
            const QJsonValue end = action[QStringLiteral("end_time")];
            const QString status = action[QStringLiteral("status")].toString();
            QByteArray name = action[QStringLiteral("name")].toString(step[QStringLiteral("name")].toString()).toUtf8();
            name.replace('\n', ' ');
            add(begin, "#!/bin/sh -e");
            add(begin, name);
            const QJsonValue code = action[QStringLiteral("exit_code")];
            if (status == QStringLiteral("timedout") || action[QStringLiteral("timedout")].toBool())
                add(end, "Too long with no output (exceeded the step's limit)");
            else if (status == QStringLiteral("canceled") || action[QStringLiteral("canceled")].toBool())
                add(end, "Step was canceled");
            if (code.isDouble())
                add(end, "Exited with code exit status " + QByteArray::number(code.toInteger()));
            else if (status == QStringLiteral("failed") || status == QStringLiteral("infrastructure_fail"))
                add(end, "Exited with code exit status 1");
        }
    }
    return text;
}

} // namespace

std::optional<QByteArray> circleLines(const QByteArray &json, std::vector<Note> &notes)
{
    QByteArray repaired = json;
    if (const auto damage = repairJson(repaired))
        addNote(notes, {Severity::Warning, damage->code, damage->position, damage->text, 1});
    QJsonParseError error{};
    const QJsonDocument document = QJsonDocument::fromJson(repaired, &error);
    if (const QJsonValue steps = document.object()[QStringLiteral("steps")]; steps.isArray()) {
        addNote(notes,
                {Severity::Info,
                 Code::Ok,
                 {},
                 tr("The steps as the API tells them; their output is not in this file, see each action's output_url"),
                 1});
        return stepLines(steps.toArray());
    }
    if (!document.isArray()) {
        addNote(notes, {Severity::Error,
                        Code::BadSyntax,
                        {1, 0, error.offset},
                        tr("This is no array of messages: %1").arg(error.errorString()),
                        1});
        return std::nullopt;
    }
    QByteArray text;
    bool lineIsOpen = false;
    const QJsonArray messages = document.array();
    qint64 strange = 0;
    for (const QJsonValue &message : messages) {
        if (message.isObject() && message[QStringLiteral("message")].isString())
            appendMessage(message.toObject(), text, lineIsOpen);
        else
            ++strange;
        if (message[QStringLiteral("truncated")].toBool())
            addNote(notes, {Severity::Warning, Code::Truncated, {}, tr("CircleCI cut the output of this step"), 1});
    }
    if (strange > 0)
        addNote(
            notes,
            {Severity::Warning, Code::BadValue, {}, tr("%1 values are no messages and were left out").arg(strange), 1});
    return text;
}

DecodedLine CircleLineDecoder::decode(std::string_view line, qint64 byteOffset) const
{
    line = bareLine(line, byteOffset);
    DecodedLine decoded;
    if (const auto stamp = readIsoStamp(line); stamp && stamp->end + 3 <= line.size() && line[stamp->end] == ' ') {
        decoded.time = stamp->time;
        line.remove_prefix(stamp->end + 1);
    }
    if (line.starts_with("O ") || line.starts_with("E ")) {
        decoded.stream = line.front();
        line.remove_prefix(2);
    }
    decoded.payload = line;
    return decoded;
}

} // namespace faultline
