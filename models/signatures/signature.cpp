// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/signature.h"

#include "models/core/translate.h"
#include "models/signatures/check.h"

#include <QRegularExpression>

#include <yaml-cpp/yaml.h>

#include <set>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qsizetype MostFileBytes = 4 * 1024 * 1024;
constexpr int MostWeight = 100;
constexpr int MostBlockLines = 10'000;

Position positionOf(const YAML::Mark &mark)
{
    return mark.is_null() ? Position()
                          : Position{.line = mark.line + 1, .column = mark.column + 1, .byteOffset = mark.pos};
}

/// Reads entries one after another and gathers every mistake.
class Reader
{
public:
    Reader(QString file, std::vector<Error> &errors)
        : m_file(std::move(file))
        , m_errors(errors)
    {
    }

    void readFile(const YAML::Node &root, std::vector<Signature> &signatures)
    {
        if (root.IsNull())
            return;
        if (!root.IsSequence())
            return complain(root, tr("A signature file is a list of entries"), tr("Begin each entry with '- id: …'"));
        for (const YAML::Node &entry : root) {
            const size_t before = m_errors.size();
            Signature signature = readEntry(entry);
            if (m_errors.size() == before)
                signatures.push_back(std::move(signature));
        }
    }

private:
    void complain(const YAML::Node &at, const QString &message, const QString &hint = {})
    {
        m_errors.push_back({Code::BadValue, message, hint, m_file, positionOf(at.Mark())});
    }

    /// Calls take(key, keyNode, value) for each pair of a map; says what is unknown or double.
    template<typename Take>
    void eachKey(const YAML::Node &map, const Take &take)
    {
        std::set<std::string> seen;
        for (const auto &pair : map) {
            const YAML::Node &key = pair.first;
            if (!key.IsScalar()) {
                complain(key, tr("A key is a word"));
                continue;
            }
            const std::string &name = key.Scalar();
            if (!seen.insert(name).second)
                complain(key, tr("'%1' stands here twice").arg(QString::fromStdString(name)));
            else if (!take(name, pair.second))
                complain(key, tr("'%1' is not a key of a signature").arg(QString::fromStdString(name).left(60)),
                         tr("Keys: id, pattern, sources, severity, role, title, failure, signal, weight, block, doc, "
                            "examples, counterexamples; in block: "
                            "continues, ends, lines"));
        }
    }

    Signature readEntry(const YAML::Node &entry)
    {
        Signature signature;
        signature.file = m_file;
        signature.position = positionOf(entry.Mark());
        if (!entry.IsMap()) {
            complain(entry, tr("An entry is a map with id, pattern and the rest"));
            return signature;
        }
        eachKey(entry, [&](const std::string &key, const YAML::Node &value) { return readKey(signature, key, value); });
        require(entry, !signature.id.isEmpty(), "id");
        require(entry, !signature.pattern.isEmpty(), "pattern");
        require(entry, !signature.title.isEmpty(), "title");
        require(entry, !signature.examples.empty(), "examples");
        require(entry, !signature.counterexamples.empty(), "counterexamples");
        return signature;
    }

    void require(const YAML::Node &entry, bool there, const char *key)
    {
        if (!there && !m_gaveUpOn.contains(key))
            complain(entry, tr("'%1' is missing").arg(QLatin1StringView(key)));
        m_gaveUpOn.erase(key);
    }

    bool readKey(Signature &signature, const std::string &key, const YAML::Node &value)
    {
        if (key == "id")
            signature.id = readId(value);
        else if (key == "pattern") {
            signature.pattern = text(value, key);
            signature.position = positionOf(value.Mark());
        } else if (key == "title")
            signature.title = QString::fromUtf8(text(value, key));
        else if (key == "doc")
            signature.doc = QString::fromUtf8(text(value, key)).simplified();
        else if (key == "failure")
            signature.failure = QString::fromUtf8(text(value, key));
        else if (key == "signal")
            signature.signal = readSignal(value);
        else if (key == "weight")
            signature.weight = readNumber(value, key, 0, MostWeight);
        else if (key == "block")
            signature.block = readBlock(value);
        else if (key == "examples")
            signature.examples = texts(value, key);
        else if (key == "counterexamples")
            signature.counterexamples = texts(value, key);
        else if (key == "sources")
            signature.sources = readSources(value);
        else if (key == "severity")
            signature.severity = named(value, severityFromName, signature.severity,
                                       tr("A severity is debug, info, warning, error or fatal"));
        else if (key == "role")
            signature.role = named(value, roleFromName, signature.role, tr("A role is symptom, cause, context or end"));
        else
            return false;
        return true;
    }

    QByteArray text(const YAML::Node &node, const std::string &key)
    {
        if (node.IsScalar() && !node.Scalar().empty())
            return QByteArray::fromStdString(node.Scalar());
        complain(node, tr("'%1' needs a text").arg(QString::fromStdString(key)));
        m_gaveUpOn.insert(key);
        return {};
    }

    std::vector<QByteArray> texts(const YAML::Node &node, const std::string &key)
    {
        std::vector<QByteArray> result;
        if (node.IsSequence()) {
            for (const YAML::Node &item : node) {
                if (item.IsScalar() && !item.Scalar().empty())
                    result.push_back(QByteArray::fromStdString(item.Scalar()));
                else
                    complain(item, tr("Each of '%1' is a text; quote what YAML would read otherwise")
                                       .arg(QString::fromStdString(key)));
            }
        } else {
            complain(node, tr("'%1' is a list of texts").arg(QString::fromStdString(key)));
        }
        if (result.empty())
            m_gaveUpOn.insert(key);
        return result;
    }

    QByteArray readId(const YAML::Node &node)
    {
        static const QRegularExpression shape(uR"(^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$)"_s);
        const QByteArray id = text(node, "id");
        if (!id.isEmpty() && !shape.match(QString::fromUtf8(id)).hasMatch())
            complain(node, tr("'%1' is not an id").arg(QString::fromUtf8(id.left(60))),
                     tr("Ids are dotted and lower case: \"kernel.oom_kill\""));
        return id;
    }

    QByteArray readSignal(const YAML::Node &node)
    {
        static const QRegularExpression shape(u"^SIG[A-Z0-9]{2,10}$"_s);
        const QByteArray name = text(node, "signal");
        if (!name.isEmpty() && !shape.match(QString::fromUtf8(name)).hasMatch())
            complain(node, tr("'%1' is not a signal's name").arg(QString::fromUtf8(name.left(60))),
                     tr("Write it as in \"SIGKILL\""));
        return name;
    }

    int readNumber(const YAML::Node &node, const std::string &key, int least, int most)
    {
        bool ok = false;
        const int number = node.IsScalar() ? QByteArray::fromStdString(node.Scalar()).toInt(&ok) : 0;
        if (!ok || number < least || number > most)
            complain(node, tr("'%1' is a number from %2 to %3").arg(QString::fromStdString(key)).arg(least).arg(most));
        return number;
    }

    template<typename T>
    T named(const YAML::Node &node, std::optional<T> (*fromName)(QByteArrayView), T otherwise, const QString &message)
    {
        const auto value = node.IsScalar() ? fromName(QByteArrayView(node.Scalar())) : std::optional<T>();
        if (!value)
            complain(node, message);
        return value.value_or(otherwise);
    }

    std::vector<SourceKind> readSources(const YAML::Node &node)
    {
        std::vector<SourceKind> kinds;
        if (!node.IsSequence())
            complain(node, tr("'sources' is a list of source kinds"));
        else
            for (const YAML::Node &item : node)
                kinds.push_back(named(item, sourceKindFromName, SourceKind::Other,
                                      tr("This is not a kind of source; see the JSON's sources[].kind")));
        return kinds;
    }

    SignatureBlock readBlock(const YAML::Node &node)
    {
        SignatureBlock block;
        if (!node.IsMap()) {
            complain(node, tr("'block' is a map of continues, ends and lines"));
            return block;
        }
        eachKey(node, [&](const std::string &key, const YAML::Node &value) {
            if (key == "continues")
                block.continues = text(value, key);
            else if (key == "ends")
                block.ends = text(value, key);
            else if (key == "lines")
                block.mostLines = readNumber(value, key, 1, MostBlockLines);
            else
                return false;
            return true;
        });
        return block;
    }

    QString m_file;
    std::vector<Error> &m_errors;
    std::set<std::string> m_gaveUpOn; // keys that were complained about already
};

} // namespace

std::vector<Signature> readSignatures(const QByteArray &yaml, const QString &file, std::vector<Error> &errors)
{
    std::vector<Signature> signatures;
    if (yaml.size() > MostFileBytes) {
        errors.push_back({Code::LimitReached, tr("A signature file of more than 4 MiB is not read"), {}, file, {}});
        return signatures;
    }
    try {
        const YAML::Node root = YAML::Load(yaml.toStdString());
        Reader(file, errors).readFile(root, signatures);
    } catch (const YAML::Exception &problem) {
        errors.push_back({Code::BadSyntax, tr("This is not YAML: %1").arg(QString::fromStdString(problem.msg)),
                          tr("Put patterns between single quotes"), file, positionOf(problem.mark)});
    }
    return signatures;
}

Result<std::vector<Signature>> parseSignatures(const QByteArray &yaml, const QString &file)
{
    std::vector<Error> errors;
    std::vector<Signature> signatures = readSignatures(yaml, file, errors);
    if (!errors.empty())
        return std::unexpected(firstOf(errors));
    return signatures;
}

Error firstOf(std::vector<Error> errors)
{
    Error first = std::move(errors.front());
    if (errors.size() > 1)
        first.hint += (first.hint.isEmpty() ? QString() : u"; "_s)
                      + tr("%n more mistake(s): see `faultline check`", nullptr, static_cast<int>(errors.size() - 1));
    return first;
}

} // namespace faultline
