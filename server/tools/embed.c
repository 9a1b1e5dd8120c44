// embed NAME FILE OUT.c: a file becomes `const char NAME[]` and `const unsigned int NAME_size`.
#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: embed NAME FILE OUT.c\n", stderr);
        return 2;
    }
    FILE *in  = fopen(argv[2], "rb");
    FILE *out = fopen(argv[3], "w");
    if (!in || !out) {
        perror("embed");
        return 1;
    }
    fprintf(out,
            "// Made by embed; do not edit.\nextern const char %s[];\nextern const unsigned int "
            "%s_size;\nconst char %s[] = {",
            argv[1], argv[1], argv[1]);
    unsigned int size = 0;
    for (int c; (c = fgetc(in)) != EOF; size++) {
        fprintf(out, "%s%d,", size % 24 ? "" : "\n    ", c < 128 ? c : c - 256);
    }
    fprintf(out, "\n    0,\n};\nconst unsigned int %s_size = %u;\n", argv[1], size);
    fclose(in);
    return fclose(out) == 0 ? 0 : 1;
}
