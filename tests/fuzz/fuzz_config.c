#include <sys/mman.h>
#include <unistd.h>

#include "base/config.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a      = arena_new();
    struct config config = { 0 };
    struct str    why    = { 0 };
    char          path[64];
    int           file = memfd_create("config", MFD_CLOEXEC);
    if (file < 0 || write(file, data, size) != (ssize_t)size) {
        DIE("no file in memory");
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    char     program[] = "x", flag[] = "--config";
    char    *argv[] = { program, flag, path, NULL };
    int      argc   = 3;
    enum err e      = config_read(config_settings, &config, a, &argc, argv, &why);
    if (e && why.len == 0) {
        DIE("a refusal without a reason");
    }
    close(file);
    arena_free(a);
    return 0;
}
