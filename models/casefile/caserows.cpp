// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/casefile/caserows.h"

#include "models/casefile/casefile.h"
#include "models/core/translate.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSqlError>
#include <QSqlQuery>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qsizetype MostTitle = 4096; ///< What a failure or cause is called.

std::unexpected<Error> damaged(const QString &what)
{
    return failure(Code::BadValue, tr("The case file is damaged: %1").arg(what), tr("Use an earlier copy of it."));
}

std::optional<qint64> numberOf(const QVariant &value)
{
    return value.isNull() ? std::nullopt : std::optional(value.toLongLong());
}

template<typename Moment>
std::optional<Moment> momentOf(const QVariant &value)
{
    const auto ns = numberOf(value);
    return ns ? std::optional(Moment{*ns}) : std::nullopt;
}

template<typename Moment>
QVariant momentValue(const std::optional<Moment> &time)
{
    return time ? QVariant(qlonglong{time->ns}) : QVariant();
}

QVariant durationValue(const std::optional<DurationNs> &duration)
{
    return duration ? QVariant(qlonglong{*duration}) : QVariant();
}

/// Empty, not null, which NOT NULL refuses.
QString text(const QString &value)
{
    return value.isNull() ? u""_s : value;
}

/// Reads rows of one table; remembers the first thing that is wrong.
class Reader
{
public:
    explicit Reader(const QSqlDatabase &database)
        : m_query(database)
    {
        m_query.setForwardOnly(true);
    }

    /// Calls `row` for each row, at most `most`; false from it or too many rows is damage.
    template<typename Row>
    bool each(const QString &sql, size_t most, const Row &row)
    {
        if (m_error)
            return false;
        if (!m_query.exec(sql % u" LIMIT "_s % QString::number(most + 1)))
            return fail(m_query.lastError().text());
        size_t count = 0;
        while (m_query.next()) {
            if (++count > most)
                return fail(tr("more rows than a case may have"));
            row();
            if (m_error)
                return false;
        }
        return !m_query.lastError().isValid() || fail(m_query.lastError().text());
    }
    QVariant value(int column) const { return m_query.value(column); }
    qint64 number(int column) const { return m_query.value(column).toLongLong(); }
    QString text(int column, qsizetype most)
    {
        QString result = m_query.value(column).toString();
        if (result.size() > most || result.contains(QChar(u'\0')))
            fail(tr("a text is longer than it may be"));
        return result;
    }
    CasePlace place(int fileColumn, size_t files)
    {
        const auto file = numberOf(value(fileColumn));
        if (!file)
            return {};
        if (*file < 0 || std::cmp_greater_equal(*file, files))
            fail(tr("it names a source that it does not hold"));
        return {static_cast<int>(std::clamp<qint64>(*file, -1, INT_MAX)), text(fileColumn + 1, CaseContent::MostPath)};
    }
    bool fail(const QString &what)
    {
        if (!m_error)
            m_error = what;
        return false;
    }
    const std::optional<QString> &error() const { return m_error; }

private:
    QSqlQuery m_query;
    std::optional<QString> m_error;
};

int smallNumber(qint64 number)
{
    return static_cast<int>(std::clamp<qint64>(number, -1, INT_MAX));
}

void readSources(Reader &reader, CaseContent &content)
{
    constexpr qsizetype Sha256Bytes = 32;
    reader.each(u"SELECT id, path, absolute, size, modified, sha256, embedded, baseline FROM sources ORDER BY id"_s,
                CaseContent::MostSources, [&] {
                    CaseSource source;
                    source.path = reader.text(1, CaseContent::MostPath);
                    source.absolute = reader.text(2, CaseContent::MostPath);
                    source.size = reader.number(3);
                    source.modified = momentOf<TimeNs>(reader.value(4));
                    source.sha256 = reader.value(5).toByteArray();
                    source.embedded = reader.number(6) != 0;
                    source.isBaseline = reader.number(7) != 0;
                    if (reader.number(0) != static_cast<qint64>(content.sources.size()) || source.size < 0
                        || source.sha256.size() != Sha256Bytes || !isPlainRelativePath(source.path))
                        reader.fail(tr("a source that cannot be"));
                    content.sources.push_back(std::move(source));
                });
}

void readAnnotations(Reader &reader, CaseContent &content)
{
    std::set<qint64> ids;
    reader.each(u"SELECT id, target, file, member, line, last_line, series, source_time, from_ns, to_ns, failure, "
                "playbook, node, quote, text, author, tags, colour, written FROM annotations ORDER BY id"_s,
                Annotation::MostInCase, [&] {
                    Annotation note;
                    note.id = reader.number(0);
                    const auto target = annotationTargetFromName(reader.text(1, Annotation::MostName));
                    const auto colour = annotationColourFromName(reader.text(17, Annotation::MostName));
                    if (!target || !colour || note.id < 1 || !ids.insert(note.id).second) {
                        reader.fail(tr("a note that cannot be"));
                        return;
                    }
                    note.target = *target;
                    note.colour = *colour;
                    const CasePlace place = reader.place(2, content.sources.size());
                    note.line = std::max<qint64>(0, reader.number(4));
                    note.lastLine = std::max(note.line, reader.number(5));
                    note.series = reader.text(6, CaseContent::MostPath);
                    note.sourceTime = momentOf<SourceTime>(reader.value(7));
                    note.from = momentOf<TimeNs>(reader.value(8));
                    note.to = momentOf<TimeNs>(reader.value(9));
                    note.failure = smallNumber(reader.number(10));
                    note.playbook = reader.text(11, Annotation::MostName);
                    note.node = reader.text(12, Annotation::MostName);
                    note.quote = reader.text(13, Annotation::MostQuote);
                    note.text = reader.text(14, Annotation::MostText);
                    note.author = reader.text(15, Annotation::MostName);
                    const QJsonArray tags =
                        QJsonDocument::fromJson(reader.text(16, Annotation::MostText).toUtf8()).array();
                    for (const auto &tag : tags)
                        note.tags.append(tag.toString().left(Annotation::MostName));
                    if (note.tags.size() > Annotation::MostTags)
                        reader.fail(tr("a note with too many tags"));
                    note.written = TimeNs{reader.number(18)};
                    content.annotations.emplace_back(place, std::move(note));
                });
}

void readSaid(Reader &reader, CaseContent &content)
{
    const size_t files = content.sources.size();
    reader.each(u"SELECT file, member, format, offset_ns, zone_offset_ns, zone FROM clocks"_s, CaseContent::MostClocks,
                [&] {
                    content.clocks.push_back(
                        {reader.place(0, files),
                         reader.text(2, Annotation::MostName).toUtf8(),
                         {numberOf(reader.value(3)), numberOf(reader.value(4)), reader.text(5, Annotation::MostName)}});
                });
    reader.each(u"SELECT id, file, member, line, what, job, step, test FROM failures ORDER BY id"_s,
                CaseContent::MostFailures, [&] {
                    if (reader.number(0) != static_cast<qint64>(content.failures.size()))
                        reader.fail(tr("a failure that cannot be"));
                    content.failures.push_back({reader.place(1, files), reader.number(3), reader.text(4, MostTitle),
                                                reader.text(5, MostTitle).toUtf8(), reader.text(6, MostTitle).toUtf8(),
                                                reader.text(7, MostTitle).toUtf8()});
                });
    reader.each(u"SELECT failure, playbook, node, answer FROM answers"_s, CaseContent::MostAnswers, [&] {
        content.answers[{smallNumber(reader.number(0)), reader.text(1, Annotation::MostName),
                         reader.text(2, Annotation::MostName)}] = reader.text(3, Annotation::MostName);
    });
    reader.each(u"SELECT failure, cause, title, status, confidence FROM verdicts"_s, CaseContent::MostVerdicts, [&] {
        content.verdicts.push_back({smallNumber(reader.number(0)), reader.text(1, Annotation::MostName),
                                    reader.text(2, MostTitle), reader.text(3, Annotation::MostName),
                                    reader.value(4).toDouble()});
    });
    reader.each(u"SELECT failure, file, member, line, playbook, node, from_ns, to_ns FROM view"_s, 1, [&] {
        content.view = {smallNumber(reader.number(0)),         reader.place(1, files),
                        std::max<qint64>(0, reader.number(3)), reader.text(4, Annotation::MostName),
                        reader.text(5, Annotation::MostName),  momentOf<TimeNs>(reader.value(6)),
                        momentOf<TimeNs>(reader.value(7)),     {}};
    });
    reader.each(u"SELECT file, member, line FROM bookmarks"_s, CaseContent::MostBookmarks, [&] {
        if (const qint64 line = reader.number(2); line > 0)
            content.bookmarks.emplace_back(reader.place(0, files), line);
    });
    reader.each(u"SELECT track FROM pins ORDER BY position"_s, CaseContent::MostPins,
                [&] { content.view.pins.append(reader.text(0, CaseContent::MostPath)); });
    reader.each(u"SELECT text FROM postmortem"_s, 1,
                [&] { content.postmortem = reader.text(0, CaseContent::MostPostmortem); });
}

/// Runs one prepared statement with many rows; remembers the first error.
class Writer
{
public:
    explicit Writer(const QSqlDatabase &database)
        : m_query(database)
    {
    }

    void clear(const QString &table) { run(m_query.exec(u"DELETE FROM "_s % table)); }
    void prepare(const QString &table, int columns)
    {
        QStringList places;
        places.fill(u"?"_s, columns);
        run(m_query.prepare(u"INSERT INTO %1 VALUES(%2)"_s.arg(table, places.join(u','))));
    }
    void row(const QVariantList &values)
    {
        if (!m_error.isEmpty())
            return;
        for (qsizetype i = 0; i < values.size(); ++i)
            m_query.bindValue(static_cast<int>(i), values[i]);
        run(m_query.exec());
    }
    Result<void> result() const { return m_error.isEmpty() ? Result<void>() : failure(Code::Sql, m_error); }

private:
    void run(bool done)
    {
        if (!done && m_error.isEmpty())
            m_error = m_query.lastError().text();
    }
    QSqlQuery m_query;
    QString m_error;
};

QVariant fileValue(const CasePlace &place)
{
    return place.file >= 0 ? QVariant(place.file) : QVariant();
}

QString utf8(const QByteArray &bytes)
{
    return text(QString::fromUtf8(bytes));
}

void writeView(Writer &writer, const CaseContent &content)
{
    const CaseView &view = content.view;
    writer.prepare(u"view"_s, 8);
    writer.row({view.failure, fileValue(view.place), text(view.place.member), qlonglong{view.line}, text(view.playbook),
                text(view.node), momentValue(view.from), momentValue(view.to)});
    writer.prepare(u"bookmarks"_s, 3);
    for (const auto &[place, line] : content.bookmarks)
        writer.row({place.file, text(place.member), qlonglong{line}});
    writer.prepare(u"pins"_s, 2);
    for (qsizetype i = 0; i < view.pins.size(); ++i)
        writer.row({qlonglong{i}, text(view.pins[i].left(CaseContent::MostPath))});
    writer.prepare(u"postmortem"_s, 1);
    if (!content.postmortem.isEmpty())
        writer.row({content.postmortem});
}

void writeAnnotations(Writer &writer, const CaseContent &content)
{
    writer.prepare(u"annotations"_s, 19);
    for (const auto &[place, note] : content.annotations) {
        const QJsonArray tags = QJsonArray::fromStringList(note.tags);
        writer.row({qlonglong{note.id}, QString(annotationTargetName(note.target)), fileValue(place),
                    text(place.member), qlonglong{note.line}, qlonglong{note.lastLine}, text(note.series),
                    momentValue(note.sourceTime), momentValue(note.from), momentValue(note.to), note.failure,
                    text(note.playbook), text(note.node), text(note.quote), text(note.text), text(note.author),
                    QString::fromUtf8(QJsonDocument(tags).toJson(QJsonDocument::Compact)),
                    QString(annotationColourName(note.colour)), qlonglong{note.written.ns}});
    }
}

} // namespace

Result<CaseContent> readCaseRows(const QSqlDatabase &database)
{
    CaseContent content;
    Reader reader(database);
    reader.each(u"SELECT key, value FROM about"_s, 100, [&] {
        const QString key = reader.text(0, Annotation::MostName);
        if (key == u"id")
            content.id = reader.text(1, Annotation::MostName).toLatin1();
        else if (key == u"saved")
            content.saved = TimeNs{reader.number(1)};
        else if (key == u"program")
            content.program = reader.text(1, Annotation::MostName);
    });
    readSources(reader, content);
    readSaid(reader, content);
    readAnnotations(reader, content);
    if (reader.error())
        return damaged(*reader.error());
    return content;
}

Result<void> writeCaseRows(const QSqlDatabase &database, const CaseContent &content)
{
    Writer writer(database);
    for (const auto *table : {u"about", u"sources", u"clocks", u"failures", u"answers", u"annotations", u"verdicts",
                              u"view", u"bookmarks", u"pins", u"postmortem"})
        writer.clear(QString(QStringView(table)));
    writer.prepare(u"about"_s, 2);
    writer.row({u"id"_s, QString::fromLatin1(content.id)});
    writer.row({u"saved"_s, qlonglong{content.saved.ns}});
    writer.row({u"program"_s, text(content.program)});
    writer.prepare(u"sources"_s, 8);
    for (size_t i = 0; i < content.sources.size(); ++i) {
        const CaseSource &source = content.sources[i];
        // Where an embedded file once was is nobody's business.
        writer.row({qulonglong{i}, source.path, source.embedded ? u""_s : text(source.absolute), qlonglong{source.size},
                    momentValue(source.modified), source.sha256, source.embedded ? 1 : 0, source.isBaseline ? 1 : 0});
    }
    writer.prepare(u"clocks"_s, 6);
    for (const CaseClock &said : content.clocks)
        writer.row({said.place.file, text(said.place.member), utf8(said.format), durationValue(said.clock.offsetNs),
                    durationValue(said.clock.zoneOffsetNs), text(said.clock.zone)});
    writer.prepare(u"failures"_s, 8);
    for (size_t i = 0; i < content.failures.size(); ++i) {
        const CaseFailure &item = content.failures[i];
        writer.row({qulonglong{i}, fileValue(item.place), text(item.place.member), qlonglong{item.line},
                    text(item.what.left(MostTitle)), utf8(item.job.left(MostTitle)), utf8(item.step.left(MostTitle)),
                    utf8(item.test.left(MostTitle))});
    }
    writer.prepare(u"answers"_s, 4);
    for (const auto &[key, answer] : content.answers)
        writer.row({std::get<0>(key), text(std::get<1>(key)), text(std::get<2>(key)), text(answer)});
    writeAnnotations(writer, content);
    writer.prepare(u"verdicts"_s, 5);
    for (const CaseVerdict &verdict : content.verdicts)
        writer.row({verdict.failure, text(verdict.cause), text(verdict.title.left(MostTitle)), text(verdict.status),
                    verdict.confidence});
    writeView(writer, content);
    return writer.result();
}

} // namespace faultline
