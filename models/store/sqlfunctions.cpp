// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/sqlfunctions.h"

#include <sqlite3.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <QHash>

#include <memory>
#include <new>

namespace faultline {

namespace {

constexpr uint32_t MostMatchSteps = 1'000'000; ///< Backtracking of one match; see pcre2_set_match_limit.
constexpr uint32_t MostMatchHeapKiB = 16 * 1024;
constexpr int MostPatternBytes = 10'000;

template<auto function>
struct Free {
    template<typename T>
    void operator()(T *pointer) const
    {
        function(pointer);
    }
};

struct Pattern {
    std::unique_ptr<pcre2_code, Free<pcre2_code_free>> code;
    std::unique_ptr<pcre2_match_data, Free<pcre2_match_data_free>> data;
    std::unique_ptr<pcre2_match_context, Free<pcre2_match_context_free>> context;
};

QByteArray pcreMessage(int code)
{
    PCRE2_UCHAR text[256] = {};
    pcre2_get_error_message(code, text, sizeof text);
    return reinterpret_cast<const char *>(text);
}

/// The patterns that a connection compiled: playbooks ask the same again and again, each time in a new statement.
using PatternPointer = std::shared_ptr<const Pattern>;
using Patterns = QHash<QByteArray, PatternPointer>;
constexpr qsizetype MostPatterns = 1000;

/// Null, with the error told to SQLite, where the pattern does not compile.
PatternPointer compile(sqlite3_context *context, sqlite3_value *value)
{
    const auto *bytes = sqlite3_value_text(value);
    const int length = sqlite3_value_bytes(value);
    if (!bytes || length > MostPatternBytes) {
        sqlite3_result_error(context, "regexp: the pattern is too long", -1);
        return nullptr;
    }
    int error = 0;
    PCRE2_SIZE offset = 0;
    auto pattern = std::make_shared<Pattern>();
    pattern->code.reset(pcre2_compile(bytes, static_cast<PCRE2_SIZE>(length),
                                      PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, &error, &offset,
                                      nullptr));
    if (!pattern->code) {
        const QByteArray message =
            "regexp: " + pcreMessage(error) + " at " + QByteArray::number(static_cast<qulonglong>(offset) + 1);
        sqlite3_result_error(context, message.constData(), -1);
        return nullptr;
    }
    pcre2_jit_compile(pattern->code.get(), PCRE2_JIT_COMPLETE); // Without it the interpreter does the same.
    pattern->data.reset(pcre2_match_data_create_from_pattern(pattern->code.get(), nullptr));
    pattern->context.reset(pcre2_match_context_create(nullptr));
    if (!pattern->data || !pattern->context) {
        sqlite3_result_error_nomem(context);
        return nullptr;
    }
    pcre2_set_match_limit(pattern->context.get(), MostMatchSteps);
    pcre2_set_heap_limit(pattern->context.get(), MostMatchHeapKiB);
    return pattern;
}

void regexpFunction(sqlite3_context *context, int, sqlite3_value **arguments)
{
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL || sqlite3_value_type(arguments[1]) == SQLITE_NULL)
        return sqlite3_result_null(context);
    const auto *kept = static_cast<const PatternPointer *>(sqlite3_get_auxdata(context, 0));
    PatternPointer made;
    if (!kept) {
        auto &patterns = *static_cast<Patterns *>(sqlite3_user_data(context));
        const auto *bytes = reinterpret_cast<const char *>(sqlite3_value_text(arguments[0]));
        const QByteArray text(bytes, sqlite3_value_bytes(arguments[0]));
        made = patterns.value(text);
        if (!made) {
            made = compile(context, arguments[0]);
            if (!made)
                return;
            if (patterns.size() >= MostPatterns)
                patterns.clear();
            patterns.insert(text, made);
        }
    }
    const PatternPointer &pattern = kept ? *kept : made;
    const auto *text = sqlite3_value_text(arguments[1]);
    const int length = sqlite3_value_bytes(arguments[1]);
    const int found = pcre2_match(pattern->code.get(), text ? text : reinterpret_cast<PCRE2_SPTR>(""),
                                  static_cast<PCRE2_SIZE>(length), 0, 0, pattern->data.get(), pattern->context.get());
    if (found < 0 && found != PCRE2_ERROR_NOMATCH) {
        const QByteArray message = "regexp: " + pcreMessage(found);
        sqlite3_result_error(context, message.constData(), -1);
    } else {
        sqlite3_result_int(context, found >= 0 ? 1 : 0);
    }
    // Kept by SQLite for as long as the pattern is the same constant or binding; it may delete at once, so this comes last.
    if (made)
        sqlite3_set_auxdata(context, 0, new PatternPointer(made),
                            [](void *pointer) { delete static_cast<PatternPointer *>(pointer); });
}

bool anyNull(int count, sqlite3_value **arguments)
{
    for (int i = 0; i < count; ++i)
        if (sqlite3_value_numeric_type(arguments[i]) != SQLITE_INTEGER
            && sqlite3_value_numeric_type(arguments[i]) != SQLITE_FLOAT)
            return true;
    return false;
}

/// Wide enough for the difference of any two 64-bit integers.
__extension__ using Wide = __int128;

Wide wide(sqlite3_value *value)
{
    if (sqlite3_value_numeric_type(value) == SQLITE_INTEGER)
        return sqlite3_value_int64(value);
    constexpr double Most = 1e30;
    const double real = sqlite3_value_double(value);
    return static_cast<Wide>(real > Most ? Most : real < -Most ? -Most : real == real ? real : 0.0);
}

void overlapsFunction(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    if (anyNull(count, arguments))
        return sqlite3_result_null(context);
    sqlite3_result_int(context, wide(arguments[0]) <= wide(arguments[3]) && wide(arguments[1]) >= wide(arguments[2]));
}

void nearFunction(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    if (anyNull(count, arguments))
        return sqlite3_result_null(context);
    const Wide difference = wide(arguments[0]) - wide(arguments[1]);
    sqlite3_result_int(context, (difference < 0 ? -difference : difference) <= wide(arguments[2]));
}

} // namespace

Result<void> registerFunctions(sqlite3 *connection)
{
    using Call = void (*)(sqlite3_context *, int, sqlite3_value **);
    const auto add = [connection](const char *name, int arguments, Call call, Patterns *patterns = nullptr) {
        return sqlite3_create_function_v2(connection, name, arguments,
                                          SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, patterns, call,
                                          nullptr, nullptr, [](void *data) { delete static_cast<Patterns *>(data); })
               == SQLITE_OK;
    };
    // The connection owns the patterns, also where it takes no function.
    if (add("regexp", 2, regexpFunction, new Patterns) && add("overlaps", 4, overlapsFunction)
        && add("near", 3, nearFunction))
        return {};
    return failure(Code::Sql, QString::fromUtf8(sqlite3_errmsg(connection)));
}

} // namespace faultline
