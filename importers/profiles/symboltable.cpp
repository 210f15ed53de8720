// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/cursor.h"
#include "importers/core/notes.h"
#include "importers/profiles/legacyprofile.h"
#include "models/core/translate.h"

#include <charconv>

namespace faultline {

namespace {

constexpr size_t MostNameBytes = 4096;

QByteArray cappedBytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(std::min(text.size(), MostNameBytes)));
}

} // namespace

qint32 SymbolTable::byAddress(quint64 address)
{
    if (const auto found = m_byAddress.find(address); found != m_byAddress.end())
        return found->second;
    if (m_functions.size() >= MostFunctions) {
        m_isFull = true;
        return -1;
    }
    const auto index = static_cast<qint32>(m_functions.size());
    m_functions.push_back({{}, {}, address});
    m_byAddress.emplace(address, index);
    return index;
}

qint32 SymbolTable::byName(std::string_view name, std::string_view file)
{
    std::string key(name.substr(0, MostNameBytes));
    key.append(1, '\0').append(file.substr(0, MostNameBytes));
    if (const auto found = m_byName.find(key); found != m_byName.end())
        return found->second;
    if (m_functions.size() >= MostFunctions) {
        m_isFull = true;
        return -1;
    }
    const auto index = static_cast<qint32>(m_functions.size());
    m_functions.push_back({cappedBytes(name), cappedBytes(file), 0});
    m_byName.emplace(std::move(key), index);
    return index;
}

void SymbolTable::name(quint64 address, std::string_view name, std::string_view file)
{
    const auto found = m_byAddress.find(address);
    if (found == m_byAddress.end())
        return; // in no sample
    Function &function = m_functions[static_cast<size_t>(found->second)];
    function.name = cappedBytes(name);
    function.file = cappedBytes(file);
}

std::pair<QByteArray, QByteArray> SymbolTable::nameOf(qint32 index) const
{
    const Function &function = m_functions[static_cast<size_t>(index)];
    if (!function.name.isEmpty())
        return {function.name, function.file};
    return {"0x" + QByteArray::number(function.address, 16), function.file};
}

void SymbolTable::tellLimit(SourceEvidence &evidence) const
{
    if (m_isFull)
        addNote(evidence, Severity::Warning, Code::LimitReached, {},
                tr("More than %1 functions; the rest is left out").arg(MostFunctions));
}

bool takeJavaSymbol(std::string_view line, SymbolTable &symbols)
{
    Cursor cursor(line);
    cursor.blanks();
    if (!cursor.take("0x"))
        return false;
    const std::string_view digits = cursor.word();
    quint64 address = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address, 16);
    if (error != std::errc() || end != digits.data() + digits.size() || cursor.blanks() == 0 || cursor.atEnd())
        return false;
    std::string_view name = cursor.rest();
    while (name.ends_with(' ') || name.ends_with('\r'))
        name.remove_suffix(1);
    std::string_view file;
    if (const size_t open = name.rfind(" ("); name.ends_with(')') && open != std::string_view::npos) {
        file = name.substr(open + 2, name.size() - open - 3);
        name = name.substr(0, open);
        if (const size_t colon = file.rfind(':'); colon != std::string_view::npos)
            file = file.substr(0, colon);
    }
    symbols.name(address, name, file);
    return true;
}

} // namespace faultline
