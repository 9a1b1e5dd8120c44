// Reading of files, and refusals.
#include "command/command.h"

#include <errno.h>

int command_refuse(const char *format, ...)
{
    va_list args;

    fputs("maillage-plan : ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return EXIT_REFUSED;
}

double command_cpu(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// Reads in pieces that double, so that a large file is copied few times.
static bool read_all(FILE *file, struct buf *into)
{
    static char piece[1 << 16];

    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;) {
        buf_add(into, (struct str){ piece, n });
        if (buf_is_full(into)) {
            return true;
        }
    }
    return !ferror(file);
}

bool command_read(const char *path, struct buf *into)
{
    bool  standard = strcmp(path, "-") == 0;
    FILE *file     = standard ? stdin : fopen(path, "rb");

    *into = buf_init(COMMAND_FILE_MAX);
    if (!file) {
        command_refuse("%s : %s", path, strerror(errno));
        return false;
    }
    bool ok = read_all(file, into);
    if (!ok) {
        command_refuse("%s : %s", path, strerror(errno));
    } else if (buf_is_full(into)) {
        command_refuse("%s : fichier trop grand (1 Gio au plus)", path);
        ok = false;
    }
    if (!standard) {
        fclose(file);
    }
    return ok;
}
