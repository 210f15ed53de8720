// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/state/wholetext.h"

#include <functional>

namespace faultline {

/// A value of a YAML or JSON document with the line it stands on.
struct ObjectNode {
    enum class Kind { Null, Scalar, List, Map };
    Kind kind = Kind::Null;
    QByteArray text; ///< Of a scalar, as written.
    qint64 line = 0;
    qint64 lastLine = 0;
    std::vector<std::pair<QByteArray, ObjectNode>> members; ///< Keys are empty in lists.

    ObjectNode(); ///< Not here: the type of `members` is not complete yet.

    const ObjectNode *find(QByteArrayView key) const;
    /// Along keys: {"status", "phase"}; null where there is none.
    const ObjectNode *find(std::initializer_list<QByteArrayView> path) const;
    /// The scalar at a path; empty where there is none.
    QByteArray textAt(std::initializer_list<QByteArrayView> path) const;
};

/// Builds trees out of a parser's events: one for each document, or, where a document is a list of objects ("items", or a bare list),
/// one for each of them, so that a large list is never held whole. Depth and size are capped; aliases are not followed.
class ObjectTreeBuilder
{
public:
    static constexpr size_t MostDepth = 100;
    static constexpr qint64 MostNodes = 1'000'000; ///< Of one object.

    explicit ObjectTreeBuilder(std::function<void(ObjectNode &&)> take)
        : m_take(std::move(take))
    {
    }

    void key(QByteArray key);
    void scalar(QByteArray text, qint64 line, bool isNull);
    void start(ObjectNode::Kind kind, qint64 line);
    void end(qint64 line);
    /// In a map and no key given yet: the next scalar is one (parsers that do not tell keys from values).
    bool expectsKey() const;
    /// After the text broke off: gives what is there.
    void finish(qint64 line);
    bool wasCapped() const { return m_capped; }

private:
    struct Frame {
        ObjectNode node;
        QByteArray key;
        bool hasKey = false;
        bool isStream = false; ///< Its members are given one by one.
    };
    void attach(ObjectNode &&node);

    std::function<void(ObjectNode &&)> m_take;
    std::vector<Frame> m_frames;
    size_t m_skipping = 0; ///< Open levels below a value that is left out.
    qint64 m_nodes = 0;
    bool m_capped = false;
};

/// Reads YAML (yaml-cpp) or JSON (simdjson) into objects. What is broken becomes a note; what came before is given.
void readObjects(const WholeText &text, bool isJson, SourceEvidence &evidence, bool forced,
                 const std::function<void(ObjectNode &&)> &take);

} // namespace faultline
