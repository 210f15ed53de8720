// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <memory>
#include <span>
#include <string_view>

namespace faultline {

/// The attributes of an element, references replaced. Valid while the element's start is handled.
class XmlAttributes
{
public:
    /// libxml2's SAX2 array: local name, prefix, URI, begin and end of the value.
    explicit XmlAttributes(std::span<const unsigned char *const> fives)
        : m_fives(fives)
    {
    }

    /// Empty where there is none of that name.
    std::string_view value(std::string_view name) const;

private:
    std::span<const unsigned char *const> m_fives;
};

/// Takes what XmlPush reads. Names come without their namespace's prefix.
class XmlHandler
{
public:
    XmlHandler() = default;
    virtual ~XmlHandler() = default;
    Q_DISABLE_COPY_MOVE(XmlHandler)

    virtual void startElement(std::string_view name, const XmlAttributes &attributes) = 0;
    virtual void endElement() = 0;
    /// Text or CDATA; one text may come in several parts.
    virtual void text(std::string_view part) = 0;
};

/// Reads XML as it comes, in UTF-8, and holds no more of it than the element's tag or the text in hand. Documents that define entities are
/// refused, nothing outside the text is ever loaded.
class XmlPush
{
public:
    explicit XmlPush(XmlHandler &handler);
    ~XmlPush();
    Q_DISABLE_COPY_MOVE(XmlPush)

    /// The next part, at most 2 GB. False where the text is no well-formed XML up to there, or reading was stopped.
    bool feed(QByteArrayView part);
    /// There is no more; false where the document is not complete.
    bool finish();
    /// From the handler: nothing more is read.
    void stop();

    /// Where the reader is, from 1.
    qint64 line() const;
    /// Why the text is refused; empty where it is not.
    QString error() const;
    bool definesEntities() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace faultline
