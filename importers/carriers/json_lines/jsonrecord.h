// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/stamps.h"

namespace faultline {

/// What one object of a log in JSON lines says. Known of zap, logrus, slog, zerolog, bunyan, pino, winston, log4j2 and logback (also ECS), structlog,
/// Serilog, Google Cloud, MongoDB, GELF and docker's json-file; others by the names their fields usually have.
struct JsonRecord {
    std::optional<Stamp> stamp;
    QByteArray text; ///< The message, and behind it what the fields say of an error; line ends are blanks.
    bool hasText = false;
    std::optional<Severity> level;
    char stream = 0; ///< 'O' or 'E', of docker.
    std::string_view host;
    bool isObject = false; ///< The line is one whole object.
};

enum class JsonParts {
    All,
    Text, ///< Neither time nor level: what a search for patterns needs.
};

/// Never fails; `isObject` tells. Views point into the line.
JsonRecord readJsonRecord(std::string_view line, JsonParts parts = JsonParts::All);

/// A name ("warn", "W", "Information") or, where `isNumber`, bunyan's and pino's tens or syslog's 0 to 7.
std::optional<Severity> severityOfLevel(std::string_view level, bool isNumber);

} // namespace faultline
