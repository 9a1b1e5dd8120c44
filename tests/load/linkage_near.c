// linkage_near: what choosing candidates by keys costs in quality and saves in work.
//
//   linkage_near STOCK.csv ROWS.csv [MOST]
//
// Groups the rows with the whole stock, then with the candidates alone that the keys of
// link/candidate.h choose, MOST of each row. Prints one JSON object with the figures on the last
// line; before it one line of CSV for each row: its id, the stock record that it sits with in the
// first way, in the second, and its candidates, best first, separated by blanks.
#include "import/input.h"
#include "link/candidate.h"
#include "link/link.h"
#include "link/sort.h"

struct record {
    char      *id;
    struct str fields[LINK_FIELDS_MAX];
    char       place[160];
};

struct records {
    struct record *at;
    size_t         count, room;
};

static const struct link_schema *schema;

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static _Noreturn void refuse(const char *why)
{
    fprintf(stderr, "linkage_near: %s\n", why);
    exit(1);
}

static struct str copy(struct str s)
{
    char *at = memory_new(s.len + 1);
    if (s.len) {
        memcpy(at, s.at, s.len);
    }
    at[s.len] = '\0';
    return (struct str){ at, s.len };
}

// The commune as the list would resolve it: its words, saints in full.
static void set_place(struct record *r, size_t commune)
{
    struct str  city = r->fields[commune];
    char        folded[120];
    size_t      n      = 0;
    const char *from[] = { "st ", "ste " }, *to[] = { "saint ", "sainte " };

    for (size_t i = 0; i < city.len && n + 10 < sizeof folded; i++) {
        unsigned char c = (unsigned char)city.at[i];
        if (c == 0xC3 && i + 1 < city.len) { // accents of Latin-1 in UTF-8
            static const char plain[] = "aaaaaaaceeeeiiiidnooooo*ouuuuypy";
            c                         = (unsigned char)plain[((unsigned char)city.at[++i]) & 0x1F];
        }
        c         = c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!word && n && folded[n - 1] != ' ') {
            folded[n++] = ' ';
        } else if (word) {
            folded[n++] = (char)c;
        }
        for (int k = 0; k < 2; k++) {
            size_t len = strlen(from[k]);
            if (n >= len && memcmp(folded + n - len, from[k], len) == 0 &&
                (n == len || folded[n - len - 1] == ' ')) {
                memcpy(folded + n - len, to[k], strlen(to[k]));
                n += strlen(to[k]) - len;
            }
        }
    }
    folded[n]   = '\0';
    char *cedex = strstr(folded, "cedex");
    if (cedex) {
        *cedex = '\0';
    }
    n = strlen(folded);
    while (n && folded[n - 1] == ' ') {
        folded[--n] = '\0';
    }
    snprintf(r->place, sizeof r->place, "%s", folded);
}

static void load(const char *path, struct records *ret)
{
    struct import_problem p;
    size_t                at[LINK_FIELDS_MAX], id = CSV_COLUMN_MAX, commune = 0;
    struct input         *input = input_open(path, -1, 0, &p);
    struct csv           *csv =
        input ? csv_open(input_source(input), (struct csv_options){ false }, &p) : NULL;

    if (!csv || csv_next(csv, &p) != CSV_RECORD) {
        refuse("a file cannot be read");
    }
    csv_set_header(csv);
    for (size_t k = 0; k < schema->count; k++) {
        at[k]   = CSV_COLUMN_MAX;
        commune = schema->fields[k].kind == LINK_COMMUNE ? k : commune;
    }
    for (size_t c = 0; c < csv_header_count(csv); c++) {
        id = str_eq(csv_header(csv, c), schema->id) ? c : id;
        for (size_t k = 0; k < schema->count; k++) {
            at[k] = str_eq(csv_header(csv, c), schema->fields[k].column) ? c : at[k];
        }
    }
    while (csv_next(csv, &p) == CSV_RECORD) {
        if (ret->count == ret->room) {
            ret->room = ret->room * 2 + 1024;
            ret->at   = memory_resize(ret->at, ret->room * sizeof *ret->at);
        }
        struct record *r = &ret->at[ret->count++];
        r->id            = (char *)(uintptr_t)copy(csv_field(csv, id)).at;
        for (size_t k = 0; k < schema->count; k++) {
            r->fields[k] = copy(csv_field(csv, at[k]));
        }
        set_place(r, commune);
    }
    csv_free(csv);
    input_close(input);
}

// The stock record that each row sits with, -1 for none; members of the stock as chosen (NULL:
// all).
static void decide(const struct records *stock, const bool *chosen, const struct records *rows,
                   int64_t *ret)
{
    struct link *l    = link_new(schema);
    size_t       used = 0;

    int64_t *of = memory_new((stock->count + 1) * sizeof *of);
    for (size_t i = 0; i < stock->count; i++) {
        if (!chosen || chosen[i]) {
            of[used++] = (int64_t)i;
            if (link_add(l, str_of(stock->at[i].id), stock->at[i].fields) != LINK_OK) {
                refuse("a record of the stock was refused");
            }
        }
    }
    for (size_t i = 0; i < rows->count; i++) {
        if (link_add(l, str_of(rows->at[i].id), rows->at[i].fields) != LINK_OK) {
            refuse("a row was refused");
        }
    }
    if (link_group(l, (struct link_progress){ NULL, NULL }) != LINK_OK) {
        refuse("the records were not grouped");
    }
    int64_t *first = memory_new((link_group_count(l) + 1) * sizeof *first);
    memset(first, 0xFF, (link_group_count(l) + 1) * sizeof *first);
    for (size_t i = used; i-- > 0;) {
        first[link_group_of(l, (uint32_t)i)] = of[i];
    }
    for (size_t i = 0; i < rows->count; i++) {
        ret[i] = first[link_group_of(l, (uint32_t)(used + i))];
    }
    free(first);
    free(of);
    link_free(l);
}

// A key and the number of the record that bears it.
struct bearer {
    uint64_t key;
    uint32_t record;
};

static int by_key(const void *a, const void *b)
{
    const struct bearer *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key)
                            : (x->record > y->record) - (x->record < y->record);
}

struct found {
    uint32_t record;
    double   weight;
};

static int by_weight(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    return x->weight != y->weight ? (x->weight < y->weight) - (x->weight > y->weight)
                                  : (x->record > y->record) - (x->record < y->record);
}

static int by_record(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    return (x->record > y->record) - (x->record < y->record);
}

// The candidates of one row, best first; returns how many.
static size_t near(const struct bearer *index, size_t count, const uint64_t *keys, size_t key_count,
                   struct found *ret, size_t most)
{
    size_t n = 0;

    for (size_t k = 0; k < key_count; k++) {
        size_t low = 0, high = count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (index[middle].key < keys[k]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        size_t end = low;
        while (end < count && index[end].key == keys[k] && end - low <= CANDIDATE_MOST) {
            end++;
        }
        for (size_t i = low; i < end && end - low <= CANDIDATE_MOST; i++) {
            ret[n++] = (struct found){ index[i].record, candidate_weight(end - low) };
        }
    }
    qsort(ret, n, sizeof *ret, by_record);
    size_t distinct = 0;
    for (size_t i = 0; i < n; i++) {
        if (distinct && ret[distinct - 1].record == ret[i].record) {
            ret[distinct - 1].weight += ret[i].weight;
        } else {
            ret[distinct++] = ret[i];
        }
    }
    qsort(ret, distinct, sizeof *ret, by_weight);
    size_t kept = 0;
    while (kept < distinct && kept < most && ret[kept].weight >= CANDIDATE_LEAST * ret[0].weight) {
        kept++;
    }
    return kept;
}

int main(int argc, char **argv)
{
    struct records stock = { 0 }, rows = { 0 };
    size_t         count = 0, room = 0, pairs = 0;
    int64_t        said = 8;

    schema = link_schema_find(STR("etablissement"));
    if (argc < 3 || !schema ||
        (argc > 3 && (!str_int(str_of(argv[3]), &said) || said < 1 || said > 1000))) {
        refuse("STOCK.csv ROWS.csv [MOST] are expected");
    }
    size_t most = (size_t)said;
    load(argv[1], &stock);
    load(argv[2], &rows);
    struct bearer          *index = NULL;
    struct candidate_keyer *keyer = candidate_keyer_new(schema);
    uint64_t                began = now();
    for (size_t i = 0; i < stock.count; i++) {
        uint64_t keys[CANDIDATE_KEYS_MAX];
        size_t   n = candidate_keys(keyer, stock.at[i].fields, str_of(stock.at[i].place), keys);
        if (count + n > room) {
            room  = room * 2 + 4096;
            index = memory_resize(index, room * sizeof *index);
        }
        for (size_t k = 0; k < n; k++) {
            index[count++] = (struct bearer){ keys[k], (uint32_t)i };
        }
    }
    uint64_t keyed = now() - began;
    qsort(index, count, sizeof *index, by_key);
    bool         *chosen = memory_zero(stock.count + 1);
    struct found *found  = memory_new(CANDIDATE_KEYS_MAX * CANDIDATE_MOST * sizeof *found);
    uint32_t     *list   = memory_new((rows.count * most + 1) * sizeof *list);
    size_t       *many   = memory_new((rows.count + 1) * sizeof *many);
    for (size_t i = 0; i < rows.count; i++) {
        uint64_t keys[CANDIDATE_KEYS_MAX];
        size_t   n = candidate_keys(keyer, rows.at[i].fields, str_of(rows.at[i].place), keys);
        many[i]    = near(index, count, keys, n, found, most);
        pairs += many[i];
        for (size_t k = 0; k < many[i]; k++) {
            chosen[found[k].record] = true;
            list[i * most + k]      = found[k].record;
        }
    }
    size_t used = 0;
    for (size_t i = 0; i < stock.count; i++) {
        used += chosen[i];
    }
    int64_t *whole = memory_new((rows.count + 1) * sizeof *whole);
    int64_t *some  = memory_new((rows.count + 1) * sizeof *some);
    began          = now();
    decide(&stock, NULL, &rows, whole);
    uint64_t took = now() - began;
    began         = now();
    decide(&stock, chosen, &rows, some);
    uint64_t took_near = now() - began;
    for (size_t i = 0; i < rows.count; i++) {
        printf("%s,%s,%s,", rows.at[i].id, whole[i] < 0 ? "" : stock.at[whole[i]].id,
               some[i] < 0 ? "" : stock.at[some[i]].id);
        for (size_t k = 0; k < many[i]; k++) {
            printf("%s%s", k ? " " : "", stock.at[list[i * most + k]].id);
        }
        putchar('\n');
    }
    printf("{\"stock\":%zu,\"rows\":%zu,\"keys\":%zu,\"chosen\":%zu,\"pairs\":%zu,"
           "\"keying_us\":%llu,\"whole_us\":%llu,\"near_us\":%llu}\n",
           stock.count, rows.count, count, used, pairs, (unsigned long long)keyed,
           (unsigned long long)took, (unsigned long long)took_near);
    return 0;
}
