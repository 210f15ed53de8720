// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"
#include "importers/profiles/profilebuilder.h"

#include <string_view>
#include <unordered_map>

namespace faultline {

/// Functions of profiles that name them by address, or by text beside the address.
class SymbolTable
{
public:
    static constexpr size_t MostFunctions = 150'000;

    /// -1 where there are too many.
    qint32 byAddress(quint64 address);
    qint32 byName(std::string_view name, std::string_view file);
    /// Names an address from here on: the older Java forms tell names last.
    void name(quint64 address, std::string_view name, std::string_view file);
    std::pair<QByteArray, QByteArray> nameOf(qint32 function) const;
    /// Notes where there were more functions than are kept.
    void tellLimit(SourceEvidence &evidence) const;

private:
    struct Function {
        QByteArray name;
        QByteArray file;
        quint64 address = 0;
    };
    bool m_isFull = false;
    std::vector<Function> m_functions;
    std::unordered_map<quint64, qint32> m_byAddress;
    std::unordered_map<std::string, qint32> m_byName;
};

/// Profiles in the text forms from before profile.proto, as gperftools, older Go (debug=1) and Java write them: heap, growth,
/// fragmentation, contention, mutex, threads, and counts such as threadcreate.
/// google/pprof, profile/legacy_profile.go and legacy_java_profile.go
class LegacyTextProfile
{
public:
    LegacyTextProfile(std::string_view text, SourceEvidence &evidence, const ImportContext &context);

    static bool looksLike(std::string_view head);
    ImportOutcome read();

private:
    enum class Form { Heap, Contention, Threads, Counts };

    bool header(std::string_view line);
    bool heapHeader(std::string_view line);
    void setting(std::string_view line);
    void line(std::string_view line);
    void countedSample(std::string_view line);
    void threadLine(std::string_view line);
    void jemallocLine(std::string_view text);
    bool symbolLine(std::string_view line);
    void memoryFact(std::string_view line);
    void addresses(std::string_view text);
    void flush();
    void bad(const QString &text);

    std::string_view m_text;
    SourceEvidence &m_evidence;
    const ImportContext &m_context;
    ProfileBuilder m_builder;
    SymbolTable m_symbols;
    Form m_form = Form::Counts;
    bool m_isJava = false;
    bool m_isJemalloc = false;
    bool m_stackBegan = false; ///< Of jemalloc: its counts follow.
    bool m_hasAlloc = false;   ///< A heap profile that tells what was allocated too.
    qint64 m_scaleRate = 0;    ///< Heap samples were taken once in so many bytes; 0: nothing to scale.
    double m_cyclesPerNs = 0;  ///< Of contention profiles that count cycles.
    QByteArray m_delayUnit = "nanoseconds";
    bool m_typesSet = false;
    qint64 m_number = 0;
    size_t m_lineStart = 0;
    bool m_hasSample = false;
    bool m_threadBegan = false; ///< Its stack has not begun, or is that of the thread before.
    std::vector<qint64> m_values;
    std::vector<quint64> m_addresses;
    std::vector<StackFrame> m_named; ///< What the lines below a sample call its addresses.
    quint64 m_blockSize = 0;
    bool m_inMaps = false;
    qint64 m_maps = 0;
};

/// The binary CPU profile of gperftools, older Go and Java: words of 32 or 64 bits, of either endianness.
class LegacyCpuProfile
{
public:
    LegacyCpuProfile(QByteArrayView bytes, SourceEvidence &evidence, const ImportContext &context);

    static bool looksLike(QByteArrayView head);
    ImportOutcome read();

private:
    struct Words {
        int size = 0; ///< 4 or 8 bytes; 0: none fits.
        bool big = false;
    };
    static Words wordsOf(QByteArrayView head);
    static quint64 word(QByteArrayView bytes, qsizetype index, Words words);
    /// Where the text after the samples begins.
    qsizetype samples(Words words);
    void text(std::string_view text);

    QByteArrayView m_bytes;
    SourceEvidence &m_evidence;
    const ImportContext &m_context;
    ProfileBuilder m_builder;
    SymbolTable m_symbols;
    bool m_isJava = false;
};

/// "0x0000035 com.example.Name.run (Source.java:35)" of the older Java forms: names the address. False where it is no such line.
bool takeJavaSymbol(std::string_view line, SymbolTable &symbols);

} // namespace faultline
