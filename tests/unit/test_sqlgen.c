// Golden pairs: good.sql gives good.result, every bad_*.sql is refused.
#include <dirent.h>
#include <unistd.h>

#include "base/buf.h"
#include "tap.h"

static const char directory[] = SOURCE_DIR "/tests/unit/sqlgen";
static char       work[]      = "/tmp/test_sqlgen_XXXXXX";

static int generate(const char *name, const char *errors)
{
    char command[1024];
    snprintf(command, sizeof command, "%s %s/q.h %s/q.c %s/%s %s", SQLGEN, work, work, directory,
             name, errors);
    return system(command);
}

// Without the two comment and include lines at the top of each file.
static void read_into(struct buf *out, const char *path)
{
    char  line[4096];
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        struct str s = str_of(line);
        if (!str_starts(s, STR("// Made by")) && !str_starts(s, STR("#pragma")) &&
            !str_starts(s, STR("#include \"q.h\""))) {
            buf_add(out, s);
        }
    }
    if (file) {
        fclose(file);
    }
}

static void test_golden(void)
{
    struct buf got    = buf_init(MIB(1));
    struct buf wanted = buf_init(MIB(1));
    char       path[1024];
    CHECK(generate("good.sql", "") == 0);
    snprintf(path, sizeof path, "%s/q.h", work);
    read_into(&got, path);
    snprintf(path, sizeof path, "%s/q.c", work);
    read_into(&got, path);
    snprintf(path, sizeof path, "%s/good.result", directory);
    read_into(&wanted, path);
    CHECK(str_eq(str_trim(buf_str(&got)), str_trim(buf_str(&wanted))));
    buf_done(&got);
    buf_done(&wanted);
}

static void test_refused(void)
{
    DIR *list  = opendir(directory);
    int  count = 0;
    for (struct dirent *e; list && (e = readdir(list));) {
        if (strncmp(e->d_name, "bad_", 4) == 0) {
            CHECK(generate(e->d_name, "2>/dev/null") != 0);
            count++;
        }
    }
    closedir(list);
    CHECK(count >= 6);
}

int main(void)
{
    char command[256];
    if (!mkdtemp(work)) {
        return 1;
    }
    RUN(test_golden);
    RUN(test_refused);
    snprintf(command, sizeof command, "rm -r %s", work);
    return tap_done() + (system(command) != 0);
}
