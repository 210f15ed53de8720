// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/loghighlighter.h"

#include "app/settings/theme.h"

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/State>
#include <KSyntaxHighlighting/Theme>

#include <QCache>

#include <map>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Highlighting looks at no more of a line: the rules are linear, but lines can be a megabyte.
constexpr qsizetype MostHighlighted = 4096;
/// A few screens full.
constexpr int MostKnown = 256;

QString definitionFor(SourceKind kind)
{
    switch (kind) {
    case SourceKind::KernelLog:
    case SourceKind::Journal: return u"Faultline Kernel Log"_s;
    case SourceKind::KubeDescribe:
    case SourceKind::KubeObject: return u"Faultline kubectl describe"_s;
    case SourceKind::TestOutput: return u"Faultline go test"_s;
    case SourceKind::CiLog:
    case SourceKind::Log:
    case SourceKind::Metrics:
    case SourceKind::Profile:
    case SourceKind::ThreadDump:
    case SourceKind::HostState:
    case SourceKind::Trace:
    case SourceKind::Coverage:
    case SourceKind::Other: break;
    }
    return u"Faultline CI Log"_s;
}

} // namespace

class LogHighlighter::Engine : public KSyntaxHighlighting::AbstractHighlighter
{
public:
    Engine() { m_repository.addCustomSearchPath(u":/faultline"_s); }

    void setKind(SourceKind kind)
    {
        if (const QString name = definitionFor(kind); name != definition().name())
            setDefinition(m_repository.definitionForName(name));
    }
    void setDark(bool dark)
    {
        m_colors = &themeColors(dark);
        auto chosen = m_repository.theme(dark ? u"GitHub Dark"_s : u"GitHub Light"_s);
        if (!chosen.isValid())
            chosen = m_repository.defaultTheme(dark ? KSyntaxHighlighting::Repository::DarkTheme
                                                    : KSyntaxHighlighting::Repository::LightTheme);
        setTheme(chosen);
        m_formats.clear();
        m_known.clear();
    }
    QList<QTextLayout::FormatRange> run(const QString &line)
    {
        const std::pair key(definition().name(), line);
        if (const auto *known = m_known.object(key))
            return *known;
        m_ranges.clear();
        if (definition().isValid())
            highlightLine(QStringView(line).left(MostHighlighted), KSyntaxHighlighting::State());
        if (line.size() <= MostHighlighted)
            m_known.insert(key, new QList(m_ranges));
        return std::move(m_ranges);
    }

protected:
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format) override
    {
        if (length <= 0 || format.isDefaultTextStyle(theme()))
            return;
        auto known = m_formats.find(format.id());
        if (known == m_formats.end())
            known = m_formats.emplace(format.id(), textFormat(format)).first;
        m_ranges.append({offset, length, known->second});
    }

private:
    QTextCharFormat textFormat(const KSyntaxHighlighting::Format &format) const
    {
        QTextCharFormat result;
        if (const QColor meant = meaningColor(format.name()); meant.isValid())
            result.setForeground(meant);
        else if (format.hasTextColor(theme()))
            result.setForeground(format.textColor(theme()));
        if (format.isBold(theme()))
            result.setFontWeight(QFont::DemiBold);
        if (format.isItalic(theme()))
            result.setFontItalic(true);
        return result;
    }

    /// What failed, warns or passed looks the same here as everywhere in the window; the rest is the theme's.
    QColor meaningColor(const QString &name) const
    {
        if (name == u"Error" || name == u"Failed")
            return m_colors->failure;
        if (name == u"Warning")
            return m_colors->warning;
        return name == u"Passed" ? m_colors->good : QColor();
    }

    KSyntaxHighlighting::Repository m_repository;
    const ThemeColors *m_colors = &themeColors(false);
    /// By the id of a definition's format: made once, not at each of its places.
    std::map<int, QTextCharFormat> m_formats;
    QList<QTextLayout::FormatRange> m_ranges;
    /// Of lines that were on the screen just now, by the definition's name and the text.
    QCache<std::pair<QString, QString>, QList<QTextLayout::FormatRange>> m_known{MostKnown};
};

LogHighlighter::LogHighlighter()
    : m_engine(std::make_unique<Engine>())
{
    m_engine->setDark(false);
}

LogHighlighter::~LogHighlighter() = default;

void LogHighlighter::setKind(SourceKind kind)
{
    m_engine->setKind(kind);
}

void LogHighlighter::setDark(bool dark)
{
    m_engine->setDark(dark);
}

QString LogHighlighter::definitionName() const
{
    return m_engine->definition().isValid() ? m_engine->definition().name() : QString();
}

QList<QTextLayout::FormatRange> LogHighlighter::formats(const QString &line) const
{
    return m_engine->run(line);
}

} // namespace faultline
