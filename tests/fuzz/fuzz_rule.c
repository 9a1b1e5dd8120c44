// Rules of segments: whatever the JSON, the SQL is made of our fragments and of parameters that
// exist.
#include "fuzz.h"
#include "segment/rule.h"

// Nothing of what came in may be read as SQL: our fragments hold no quote, no comment, no second
// statement, and their parentheses pair.
static void check_sql(struct str sql, int first, int count)
{
    int depth = 0;
    for (size_t i = 0; i < sql.len; i++) {
        char c = sql.at[i];
        if (c == '\'' || c == '"' || c == ';' || c == '\\' || c == '{' ||
            (c == '-' && i && sql.at[i - 1] == '-') || (c == '*' && i && sql.at[i - 1] == '/')) {
            DIE("a character that no fragment has");
        }
        depth += (c == '(') - (c == ')');
        if (depth < 0) {
            DIE("a parenthesis closes what is not open");
        }
        if (c == '$') {
            int n = 0;
            while (i + 1 < sql.len && sql.at[i + 1] >= '0' && sql.at[i + 1] <= '9') {
                n = n * 10 + (sql.at[++i] - '0');
            }
            if (n < first || n >= first + count) {
                DIE("a parameter that is not given");
            }
        }
    }
    if (depth != 0) {
        DIE("a parenthesis stays open");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct query q      = { .name = "q", .sql = "{rule} {parts} {", .count = 2 };
    struct arena             *a      = arena_new();
    struct field_errors       errors = { 0 };
    struct rule              *rule   = ARENA_NEW(a, struct rule);
    struct str                json   = { (const char *)data, size };
    if (rule_compile(json, 3, a, rule, &errors)) {
        if (errors.first || rule->count > RULE_PARAMS || rule->part_count > RULE_PARTS) {
            DIE("a rule that is wrong, or too large, compiled");
        }
        check_sql(rule->condition, 3, rule->count);
        for (int i = 0; i < rule->part_count; i++) {
            check_sql(rule_without(rule, i, a), 3, rule->count);
        }
        struct query made = rule_query(&q, rule, a);
        if (made.count != rule->count + 2 || !made.once) {
            DIE("a query that counts its parameters wrong");
        }
    } else if (!errors.first) {
        DIE("a refusal without a reason");
    }
    arena_free(a);
    return 0;
}
