// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"

#include "models/core/translate.h"

#include <QSaveFile>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace faultline {

Result<void> writeOutput(const QByteArray &bytes, const QString &file)
{
    if (file.isEmpty() || file == u"-"_s) {
        const size_t size = static_cast<size_t>(bytes.size());
        if (std::fwrite(bytes.constData(), 1, size, stdout) != size || std::fflush(stdout) != 0)
            return failure(Code::NotReadable, tr("Standard output cannot be written"));
        return {};
    }
    QSaveFile target(file);
    if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size() || !target.commit())
        return failure(Code::NotReadable, target.errorString(), tr("Check the folder and its permissions"), file);
    return {};
}

void say(const QString &message)
{
    std::fprintf(stderr, "faultline: %s\n", message.toUtf8().constData());
}

} // namespace faultline
