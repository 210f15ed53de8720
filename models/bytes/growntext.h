// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytes/textstore.h"
#include "models/core/task.h"

namespace faultline {

/// Whether the bytes are those of a file as it stands: not unpacked, converted or held in memory.
bool isWholeFile(const ByteSource &bytes);

/// What tells a file that grows from one that was written anew under its name: its size, and bytes from its beginning and its end. The
/// blocks of its text go along, to be added to.
struct FileMark {
    qint64 size = 0;
    QByteArray head;
    QByteArray tail;
    std::shared_ptr<const std::vector<TextBlock>> blocks;
};

/// The mark of a text as it was read.
Result<FileMark> markOf(const TextStore &text);

/// A text that goes on where another one stopped.
struct GrownText {
    std::shared_ptr<const TextStore> text;
    qint64 firstChanged = 0; ///< The first line that is new, or that goes on: the last one where it had no LF yet.
    FileMark mark;
};

/// Opens the text's file anew and indexes what was added to it; nullopt where nothing was. Fails with Code::NotReadable where the file is
/// shorter now, is another one, or cannot be read, and with Code::Cancelled.
Result<std::optional<GrownText>> grownText(const TextStore &text, const FileMark &mark, const CancelToken &cancel);

} // namespace faultline
