// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/state/objecttree.h"

namespace faultline {

/// Reads the part of YAML that kubectl writes: maps and lists in blocks or between brackets on one line, scalars plain,
/// quoted or as a literal block. A parser of all of
/// YAML takes ten times as long, and is asked where this one gives up.
class PlainYaml
{
public:
    PlainYaml(const WholeText &text, ObjectTreeBuilder &builder)
        : m_text(text)
        , m_builder(builder)
    {
    }

    /// The lines from `first` to `last` as one document. False where they hold anything else: what the builder gave is to be dropped.
    bool read(qint64 first, qint64 last);

private:
    struct Level {
        size_t indent = 0;
        bool isList = false;
        bool isWaiting = false; ///< A key's value has not come yet.
    };
    bool readLine(std::string_view text);
    bool takeItem(size_t indent);
    bool takeKey(std::string_view key, size_t indent);
    bool takeValue(std::string_view value, size_t indent);
    bool takeQuoted(std::string_view value, size_t indent);
    bool takePlain(std::string_view value, size_t indent);
    bool takeFlow(std::string_view &rest, int depth);
    static bool takeFlowText(std::string_view &rest, std::string_view &text);
    bool takeLiteral(std::string_view header, size_t indent);
    bool append(std::string_view &line, QByteArray &into, size_t indent);
    void give(QByteArray text, bool isNull = false);
    void open(bool isList, size_t indent);
    void close();

    const WholeText &m_text;
    ObjectTreeBuilder &m_builder;
    std::vector<Level> m_levels;
    qint64 m_line = 0;
    qint64 m_last = 0;
    qint64 m_valueLine = 0;
};

} // namespace faultline
