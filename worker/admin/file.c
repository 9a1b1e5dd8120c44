#include "admin/file.h"

#include "base/vault.h"
#include "queries.h"

bool files_seal(struct admin *admin, int64_t *ret_count, int64_t *ret_lost)
{
    struct arena *a     = arena_new();
    bool          is_ok = true;

    *ret_count = *ret_lost = 0;
    for (int64_t after = 0;;) {
        struct str bytes;
        arena_reset(a);
        CLEANUP(result_done)
        struct result row = file_unsealed_next(admin->db, vault_version(), after);
        is_ok             = !row.err;
        if (!is_ok || !result_count(&row)) {
            break;
        }
        after = result_int(&row, 0, 0);
        if (!vault_from_hex(a, result_text(&row, 0, 2), &bytes) ||
            (result_bool(&row, 0, 1) && !vault_open(a, VAULT_FILE, after, bytes, &bytes))) {
            ++*ret_lost;
            continue;
        }
        CLEANUP(result_done)
        struct result sealed = file_seal(admin->db, after, vault_seal(a, VAULT_FILE, after, bytes));
        if (sealed.err) {
            is_ok = false;
            break;
        }
        ++*ret_count;
    }
    arena_free(a);
    return is_ok;
}
