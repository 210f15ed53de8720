// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/arguments.h"

#include "app/report/reportformat.h"
#include "models/core/translate.h"
#include "models/placement/zones.h"

#include <QCommandLineParser>
#include <QTimeZone>

#include <map>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QStringList formatsOf(const QString &command)
{
    if (command == u"analyze"_s)
        return {u"text"_s, u"json"_s, u"csv"_s, u"markdown"_s, u"html"_s, u"pdf"_s, u"mermaid"_s, u"svg"_s, u"png"_s};
    if (command == u"query"_s)
        return {u"table"_s, u"csv"_s, u"json"_s};
    return {u"table"_s, u"json"_s};
}

void addOptions(QCommandLineParser &parser, const QString &command)
{
    parser.addOption({u"help"_s, tr("Show this help.")});
    if (command != u"check"_s)
        parser.addOptions(
            {{u"format"_s, tr("How to write the result: %1.").arg(formatsOf(command).join(u", "_s)), tr("FORMAT"),
              formatsOf(command).constFirst()},
             {u"output"_s, tr("Write to FILE instead of standard output."), tr("FILE")},
             {u"format-of"_s, tr("Read SOURCE as IMPORTER says, whatever it looks like."), tr("SOURCE=IMPORTER")},
             {u"zone"_s, tr("Zone of a source that states none: +08:00, Asia/Shanghai."), tr("SOURCE=ZONE")},
             {u"offset"_s, tr("Seconds to add to a source's times."), tr("SOURCE=±SECONDS")},
             {u"signatures"_s, tr("Folder of signatures to add to the shipped ones and a person's own."), tr("DIR")},
             {u"playbooks"_s, tr("Folder of playbooks and causes to add to the shipped ones and a person's own."),
              tr("DIR")},
             {u"sources"_s, tr("Folder in which to look for the files of a saved case that moved."), tr("DIR")},
             {u"jobs"_s, tr("How many files to read side by side."), tr("N")}});
    if (command == u"analyze"_s)
        parser.addOptions(
            {{u"failure"_s, tr("Which failure mermaid, svg and png draw, from 1."), tr("N")},
             {u"failure-time"_s, tr("When it failed, where the evidence is wrong: 2026-05-04T10:03:11Z."), tr("T")},
             {u"answer"_s,
              tr("Answer an open question by hand: killed.kernel=no, or 2:killed.kernel=no for the second failure."),
              tr("QUESTION=CHOICE")},
             {u"baseline"_s, tr("A run that passed, to compare with; may be given several times."), tr("PATH")},
             {u"batch"_s,
              tr("Every entry of the folders is a run: count causes over all. Formats: text, json, csv, html.")},
             {u"redact"_s,
              tr("Take out of the result: secrets, names, all, or rules by their ids, joined by commas. Says on "
                 "standard error what was found."),
              tr("WHAT")},
             {u"redact-pattern"_s, tr("Take out what matches PATTERN too."), tr("PATTERN")},
             {u"postmortem"_s,
              tr("Write the postmortem that a saved case holds, else one begun from the template: markdown, html or "
                 "pdf.")},
             {u"template"_s,
              tr("Template of your own: an .html file for the report as html, an .md file to begin a postmortem with."),
              tr("FILE")},
             {u"exit-code"_s, tr("Exit with 1 where a failure was diagnosed.")}});
}

std::unexpected<Error> usage(const QString &message, const QString &command)
{
    return failure(Code::Usage, message, tr("See: faultline %1 --help").arg(command));
}

/// "SOURCE=VALUE", split at the last '=' so that paths may hold one.
std::optional<std::pair<QString, QString>> assignment(const QString &text)
{
    const qsizetype at = text.lastIndexOf(u'=');
    if (at <= 0 || at + 1 >= text.size())
        return std::nullopt;
    return std::pair(text.left(at), text.mid(at + 1));
}

Result<void> readClocks(Arguments &result, const QCommandLineParser &parser, const QString &command)
{
    for (const QString &value : parser.values(u"zone"_s)) {
        const auto pair = assignment(value);
        if (!pair || !namedZoneEast(pair->second))
            return usage(tr("--zone %1: expected SOURCE=ZONE, as ci.log=+08:00").arg(value), command);
        result.analyze.clocks.emplace_back(pair->first, zoneOverride(pair->second));
    }
    for (const QString &value : parser.values(u"offset"_s)) {
        const auto pair = assignment(value);
        bool isNumber = false;
        const double seconds = pair ? pair->second.toDouble(&isNumber) : 0;
        if (!isNumber)
            return usage(tr("--offset %1: expected SOURCE=SECONDS, as ci.log=+47").arg(value), command);
        result.analyze.clocks.emplace_back(pair->first, ClockOverride{fromSeconds(seconds), {}});
    }
    for (const QString &value : parser.values(u"format-of"_s)) {
        const auto pair = assignment(value);
        if (!pair)
            return usage(tr("--format-of %1: expected SOURCE=IMPORTER").arg(value), command);
        result.analyze.import.formatOf.emplace_back(pair->first, pair->second.toUtf8());
    }
    return {};
}

Result<void> readPostmortem(Arguments &result, const QCommandLineParser &parser, const QString &command)
{
    result.templatePath = parser.value(u"template"_s);
    const bool isMarkdown = result.templatePath.endsWith(u".md"_s, Qt::CaseInsensitive);
    result.postmortem = parser.isSet(u"postmortem"_s) || isMarkdown;
    if (!parser.isSet(u"format"_s) && (result.postmortem || !result.templatePath.isEmpty()))
        result.format = result.postmortem ? u"markdown"_s : u"html"_s;
    const auto format = reportFormatFromName(result.format);
    if (result.postmortem && (!format || !isPostmortemFormat(*format)))
        return usage(tr("A postmortem is written as markdown, html or pdf, not as %1").arg(result.format), command);
    if (!result.templatePath.isEmpty() && !isMarkdown && (result.postmortem || format != ReportFormat::Html))
        return usage(tr("--template %1: an .html template goes with --format html, an .md template with a postmortem")
                         .arg(result.templatePath),
                     command);
    if (result.batch && (result.postmortem || !result.templatePath.isEmpty()))
        return usage(tr("--batch goes with neither --postmortem nor --template"), command);
    return {};
}

Result<void> readAnalyzeOptions(Arguments &result, const QCommandLineParser &parser, const QString &command)
{
    result.baseline = parser.values(u"baseline"_s);
    if (parser.isSet(u"redact"_s) || parser.isSet(u"redact-pattern"_s)) {
        auto rules = Redactor::chosenRules(parser.value(u"redact"_s), parser.values(u"redact-pattern"_s));
        if (!rules)
            return usage(rules.error().message, command);
        result.redaction = std::move(*rules);
    }
    if (result.batch && (!result.baseline.isEmpty() || !result.redaction.empty()))
        return usage(tr("--batch goes with neither --baseline nor --redact"), command);
    result.exitCode = parser.isSet(u"exit-code"_s);
    result.answers = parser.values(u"answer"_s);
    if (parser.isSet(u"failure"_s)) {
        bool isNumber = false;
        result.failure = parser.value(u"failure"_s).toInt(&isNumber);
        if (!isNumber || *result.failure < 1)
            return usage(tr("--failure %1: expected a number from 1").arg(parser.value(u"failure"_s)), command);
    }
    if (parser.isSet(u"failure-time"_s)) {
        result.analyze.failureTime = fromRfc3339(parser.value(u"failure-time"_s).toLatin1());
        if (!result.analyze.failureTime)
            return usage(tr("--failure-time %1: expected a time with zone, as 2026-05-04T10:03:11Z")
                             .arg(parser.value(u"failure-time"_s)),
                         command);
    }
    return readPostmortem(result, parser, command);
}

Result<void> readOptions(Arguments &result, const QCommandLineParser &parser, const QString &command)
{
    if (command == u"check"_s)
        return {};
    result.format = parser.value(u"format"_s);
    result.batch = command == u"analyze"_s && parser.isSet(u"batch"_s);
    const QStringList formats =
        result.batch ? QStringList{u"text"_s, u"json"_s, u"csv"_s, u"html"_s} : formatsOf(command);
    if (!formats.contains(result.format))
        return usage(tr("Format '%1' is not there; there are: %2").arg(result.format, formats.join(u", "_s)), command);
    result.output = parser.value(u"output"_s);
    result.signatureFolders = parser.values(u"signatures"_s);
    result.playbookFolders = parser.values(u"playbooks"_s);
    result.sourceFolders = parser.values(u"sources"_s);
    if (parser.isSet(u"jobs"_s)) {
        bool isNumber = false;
        result.analyze.import.threads = parser.value(u"jobs"_s).toInt(&isNumber);
        if (!isNumber || result.analyze.import.threads < 1 || result.analyze.import.threads > 256)
            return usage(tr("--jobs %1: expected a number from 1 to 256").arg(parser.value(u"jobs"_s)), command);
    }
    if (const auto clocks = readClocks(result, parser, command); !clocks)
        return clocks;
    return command == u"analyze"_s ? readAnalyzeOptions(result, parser, command) : Result<void>();
}

QString syntaxOf(const QString &command)
{
    if (command == u"query"_s)
        return u"PATH… 'SELECT …'"_s;
    return command == u"check"_s ? u"FILE…"_s : u"PATH…"_s;
}

} // namespace

Result<Arguments> parseArguments(const QString &command, const QStringList &arguments)
{
    QCommandLineParser parser;
    addOptions(parser, command);
    if (!parser.parse(QStringList{u"faultline"_s} + arguments))
        return usage(parser.errorText(), command);
    Arguments result;
    result.command = command;
    if (parser.isSet(u"help"_s)) {
        result.command = u"help"_s;
        result.paths = {command};
        return result;
    }
    result.paths = parser.positionalArguments();
    if (const auto read = readOptions(result, parser, command); !read)
        return std::unexpected(read.error());
    if (command == u"query"_s) {
        if (result.paths.size() < 2)
            return usage(tr("A path and a statement are needed"), command);
        result.sql = result.paths.takeLast();
    }
    if (result.paths.isEmpty())
        return usage(tr("A path is needed"), command);
    return result;
}

QString helpText(const QString &command)
{
    if (command.isEmpty())
        return tr("Faultline reads what a failed run left behind and finds the cause.\n\n"
                  "  faultline [PATH…]                 open the window on files or folders\n"
                  "  faultline analyze PATH…           analyse without a window\n"
                  "  faultline inspect PATH…           what each source was taken for\n"
                  "  faultline query PATH… 'SELECT …'  rows of the SQL surface\n"
                  "  faultline check FILE…             validate playbooks, causes and signatures\n"
                  "  faultline --version | --help      --help also after each command\n\n"
                  "Exit status: 0 done; 1 a failure was diagnosed (--exit-code); 2 wrong usage or nothing readable; 3 "
                  "internal error.\n");
    QCommandLineParser parser;
    addOptions(parser, command);
    QString help = parser.helpText();
    const qsizetype options = help.indexOf(u'\n');
    return tr("Usage: faultline %1 %2 [options]\n").arg(command, syntaxOf(command))
           + help.mid(std::max<qsizetype>(0, options));
}

} // namespace faultline
