// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/shippedsignatures.h"

#include "models/core/keptfile.h"

#include <QDataStream>
#include <QIODevice>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr QLatin1StringView KeptName("/signatures-" FAULTLINE_SHIPPED_SIGNATURES ".bin");

// Structured bindings: who adds a field and not here is told by the compiler.

template<typename Transfer>
void transferFields(Transfer &transfer, auto &signature)
{
    auto &[id, pattern, sources, severity, role, title, doc, failure, signal, weight, block, examples, counterexamples,
           file, position] = signature;
    auto &[line, column, byteOffset] = position;
    transfer.each(id, pattern, sources, severity, role, title, doc, failure, signal, weight, block, examples,
                  counterexamples, file, line, column, byteOffset);
}

template<typename Transfer>
void transferBlock(Transfer &transfer, auto &block)
{
    auto &[continues, ends, mostLines] = block;
    transfer.each(continues, ends, mostLines);
}

class SignatureWriter
{
public:
    explicit SignatureWriter(QDataStream &stream)
        : m_stream(stream)
    {
    }
    void each(const auto &...fields) { (write(fields), ...); }

private:
    void write(const auto &value) { m_stream << value; }
    template<typename T>
    void write(const std::vector<T> &values)
    {
        m_stream << static_cast<qint64>(values.size());
        for (const T &value : values)
            write(value);
    }
    void write(const std::optional<SignatureBlock> &block)
    {
        m_stream << block.has_value();
        if (block)
            transferBlock(*this, *block);
    }

    QDataStream &m_stream;
};

class SignatureReader
{
public:
    explicit SignatureReader(QDataStream &stream)
        : m_stream(stream)
    {
    }
    void each(auto &...fields) { (read(fields), ...); }

private:
    void read(auto &value) { m_stream >> value; }
    template<typename T>
    void read(std::vector<T> &values)
    {
        qint64 count = 0;
        m_stream >> count;
        for (; count > 0 && m_stream.status() == QDataStream::Ok; --count)
            read(values.emplace_back());
    }
    void read(std::optional<SignatureBlock> &block)
    {
        bool isThere = false;
        m_stream >> isThere;
        if (isThere)
            transferBlock(*this, block.emplace());
    }

    QDataStream &m_stream;
};

} // namespace

std::optional<std::vector<Signature>> keptSignatures(const QStringList &cacheFolders)
{
    for (const QString &folder : cacheFolders) {
        const auto content = readKept(folder + KeptName);
        if (!content)
            continue;
        QDataStream stream(*content);
        stream.setVersion(QDataStream::Qt_6_8);
        SignatureReader reader(stream);
        std::vector<Signature> signatures;
        while (!stream.atEnd() && stream.status() == QDataStream::Ok)
            transferFields(reader, signatures.emplace_back());
        if (stream.status() == QDataStream::Ok)
            return signatures;
    }
    return std::nullopt;
}

void keepSignatures(const std::vector<Signature> &signatures, const QString &cacheFolder)
{
    QByteArray content;
    QDataStream stream(&content, QIODevice::WriteOnly);
    stream.setVersion(QDataStream::Qt_6_8);
    SignatureWriter writer(stream);
    for (const Signature &signature : signatures)
        transferFields(writer, signature);
    writeKept(cacheFolder + KeptName, content);
}

} // namespace faultline
