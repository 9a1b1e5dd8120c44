#include "link/model.h"

#include <math.h>

enum { ROUNDS_MAX = 40 };

static const double prior_strength = 100, share_strength = 50, usual_before = 1.5,
                    usual_weight = 20, settled = 1e-4;

// What is rare in a class by its very meaning stays rare, whatever would fit better: convex
// constraints on the estimates, after Winkler 1993. They keep "same" from swallowing its near
// misses.
static const double rare_by_meaning = 0.05, rare_room = 2;

#define CROWD(name) (1U << CROWD_##name)

// The classes of each unit; the crowds that make a pair of the class likelier, as a set: where many
// share a value, the pairs that share it by chance, or by being neighbours, are as many more.
static const struct {
    unsigned classes, matching;
    double   share[CLASSES_MAX];
    unsigned crowds[CLASSES_MAX];
    // Of a class known by definition, only the share is learned; what says who employs somebody is
    // as in this other class. 0 = the class is learned whole.
    unsigned like[CLASSES_MAX];
} units[LINK_UNITS] = {
    [LINK_ESTABLISHMENT] = { 7, 1, { 0.25, 0.12, 0.03, 0.05, 0.05, 0.1, 0.4 }, { 0 }, { 0 } },
    [LINK_PERSON]        = { 6,
                             2,
                             { 0.25, 0.005, 0.33, 0.015, 0.08, 0.3 },
                             { 0, 0, CROWD(GIVEN), 0, 0, CROWD(GIVEN) | CROWD(FAMILY) },
                             { 0, 4, 0, 2 } },
    [LINK_THING]         = { 3, 1, { 0.1, 0.4, 0.5 }, { 0 }, { 0 } },
};

// The column of levels.def that a class of a unit takes: things have the first and the last two.
static double prior_of(const struct model *m, unsigned level, unsigned class_)
{
    if (m->unit == LINK_THING) {
        return level_prior(level, LINK_ESTABLISHMENT, class_ ? CLASSES_MAX - 3 + class_ : 0);
    }
    return level_prior(level, m->unit, class_);
}

static bool has_level(const struct model *m, size_t piece, unsigned level)
{
    return level_piece(level) == m->evidence.piece[piece].piece;
}

static void set_logs(struct model *m)
{
    for (unsigned c = 0; c < m->classes; c++) {
        m->log_share[c] = log(m->share[c]);
    }
    for (unsigned k = 0; k < CROWDS; k++) {
        m->log_usual[k] = log(m->usual[k]);
    }
}

void model_init(struct model *m, const struct link_schema *schema)
{
    memset(m, 0, sizeof *m);
    m->unit = schema->unit;
    evidence_of(schema, &m->evidence);
    m->classes  = units[m->unit].classes;
    m->matching = units[m->unit].matching;
    for (unsigned c = 0; c < m->classes; c++) {
        m->share[c] = units[m->unit].share[c];
        for (size_t p = 0; p < m->evidence.count; p++) {
            double sum = 0;
            for (unsigned level = 1; level < LEVELS; level++) {
                sum += has_level(m, p, level) ? prior_of(m, level, c) : 0;
            }
            for (unsigned level = 1; level < LEVELS; level++) {
                if (has_level(m, p, level)) {
                    m->level[c][p][level] = (float)log(prior_of(m, level, c) / sum);
                }
            }
        }
    }
    for (unsigned k = 0; k < CROWDS; k++) {
        m->usual[k] = usual_before;
    }
    set_logs(m);
}

// Logarithms of the joint probability of class and vector.
static void joints(const struct model *m, const struct vector *v, double ret[CLASSES_MAX])
{
    for (unsigned c = 0; c < m->classes; c++) {
        float sum = 0;
        for (size_t p = 0; p < m->evidence.count; p++) {
            sum += m->level[c][p][v->level[p]];
        }
        for (unsigned k = 0, set = units[m->unit].crowds[c] & v->bears; set >> k; k++) {
            sum += set >> k & 1 ? v->crowd[k] - (float)m->log_usual[k] : 0;
        }
        ret[c] = m->log_share[c] + (double)sum;
    }
    if (m->unit == LINK_THING) {
        ret[2] += (double)v->rare;
    }
}

// Logarithm of a sum of exponentials; what would not change it is not computed.
static double log_sum(const double *logs, unsigned from, unsigned to)
{
    static const double negligible = -20;
    double              most = logs[from], sum = 0;

    for (unsigned c = from + 1; c < to; c++) {
        most = logs[c] > most ? logs[c] : most;
    }
    for (unsigned c = from; c < to; c++) {
        double gap = logs[c] - most;
        sum += gap > negligible ? (gap < 0 ? exp(gap) : 1) : 0;
    }
    return most + log(sum);
}

struct counts {
    double share[CLASSES_MAX], crowd[CROWDS], known[CROWDS];
    double level[CLASSES_MAX][LINK_EVIDENCE_MAX][LEVELS];
    double likelihood;
};

static void expect(const struct model *m, const struct vector *pairs, size_t count,
                   struct counts *ret)
{
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < count; i++) {
        const struct vector *v = &pairs[i];
        double               log_joint[CLASSES_MAX];
        joints(m, v, log_joint);
        double all = log_sum(log_joint, 0, m->classes);
        ret->likelihood += all;
        for (unsigned c = 0; c < m->classes; c++) {
            if (log_joint[c] - all < -12) {
                continue;
            }
            double r = exp(log_joint[c] - all);
            ret->share[c] += r;
            for (unsigned k = 0; k < CROWDS && c < m->matching; k++) {
                ret->crowd[k] += v->known >> k & 1 ? r * exp((double)v->crowd[k]) : 0;
                ret->known[k] += v->known >> k & 1 ? r : 0;
            }
            for (size_t p = 0; p < m->evidence.count; p++) {
                ret->level[c][p][v->level[p]] += r;
            }
        }
    }
}

static void maximise_piece(struct model *m, const struct model *prior, const struct counts *n,
                           unsigned c, size_t p)
{
    double share[LEVELS] = { 0 }, sum = 0, held = 0, rest = 0;

    for (unsigned level = 1; level < LEVELS; level++) {
        if (has_level(m, p, level)) {
            share[level] =
                n->level[c][p][level] + prior_strength * exp((double)prior->level[c][p][level]);
            sum += share[level];
        }
    }
    for (unsigned level = 1; level < LEVELS; level++) {
        double before = exp((double)prior->level[c][p][level]);
        share[level] /= sum;
        if (share[level] > 0 && before <= rare_by_meaning && share[level] > rare_room * before) {
            held += share[level] = rare_room * before;
            share[level]         = -share[level];
        } else {
            rest += share[level];
        }
    }
    for (unsigned level = 1; level < LEVELS; level++) {
        if (share[level] < 0) {
            m->level[c][p][level] = (float)log(-share[level]);
        } else if (has_level(m, p, level)) {
            m->level[c][p][level] = (float)log(share[level] * (1 - held) / rest);
        }
    }
}

// Pieces that, of a person, speak of the employer.
static bool is_of_employer(enum piece piece)
{
    return piece <= PIECE_PLACE;
}

static void maximise(struct model *m, const struct model *prior, const struct counts *n,
                     size_t count, bool keep_chance)
{
    for (unsigned k = 0; k < CROWDS; k++) {
        m->usual[k] = (n->crowd[k] + usual_weight * usual_before) / (n->known[k] + usual_weight);
    }
    for (unsigned c = 0; c < m->classes; c++) {
        m->share[c] =
            (n->share[c] + share_strength * prior->share[c]) / ((double)count + share_strength);
        bool frozen = units[m->unit].like[c] > 0;
        if (frozen) {
            m->share[c] = fmin(m->share[c], 2 * rare_room * prior->share[c]);
        }
        if (frozen || (keep_chance && c + 1 == m->classes)) {
            continue;
        }
        for (size_t p = 0; p < m->evidence.count; p++) {
            maximise_piece(m, prior, n, c, p);
        }
    }
    for (unsigned c = 0; c < m->classes; c++) {
        for (size_t p = 0; p < m->evidence.count && units[m->unit].like[c]; p++) {
            if (is_of_employer(m->evidence.piece[p].piece)) {
                memcpy(m->level[c][p], m->level[units[m->unit].like[c]][p], sizeof m->level[c][p]);
            }
        }
    }
}

// What chance gives, from pairs taken anywhere.
static void learn_chance(struct model *m, const struct model *prior, const struct vector *random,
                         size_t count)
{
    unsigned c = m->classes - 1;

    for (size_t p = 0; p < m->evidence.count; p++) {
        double seen[LEVELS] = { 0 }, sum = 10;
        for (size_t i = 0; i < count; i++) {
            seen[random[i].level[p]]++;
            sum += random[i].level[p] != LEVEL_NONE;
        }
        for (unsigned level = 1; level < LEVELS; level++) {
            if (has_level(m, p, level)) {
                double expected       = 10 * exp((double)prior->level[c][p][level]);
                m->level[c][p][level] = (float)log((seen[level] + expected) / sum);
            }
        }
    }
}

// Aliases are found after learning: they count as the typing errors of a name.
static void settle_alias(struct model *m)
{
    for (unsigned c = 0; c < m->classes; c++) {
        for (size_t p = 0; p < m->evidence.count; p++) {
            if (m->evidence.piece[p].piece == PIECE_NAME) {
                m->level[c][p][LEVEL_NAME_ALIAS] = m->level[c][p][LEVEL_NAME_TYPO];
            }
        }
    }
}

void model_learn(struct model *m, const struct vector *pairs, size_t count,
                 const struct vector *random, size_t random_count)
{
    struct model  *prior  = memory_new(sizeof *prior);
    struct counts *n      = memory_new(sizeof *n);
    double         before = 0;
    bool           chance = m->unit == LINK_THING;

    *prior = *m;
    if (chance) {
        learn_chance(m, prior, random, random_count);
    }
    for (m->rounds = 0; m->rounds < ROUNDS_MAX && count; m->rounds++) {
        expect(m, pairs, count, n);
        maximise(m, prior, n, count, chance);
        set_logs(m);
        if (m->rounds && fabs(n->likelihood - before) < settled * fabs(n->likelihood)) {
            break;
        }
        before = n->likelihood;
    }
    settle_alias(m);
    free(prior);
    free(n);
}

float model_score(const struct model *m, const struct vector *v)
{
    double logs[CLASSES_MAX];

    joints(m, v, logs);
    return (float)(log_sum(logs, 0, m->matching) - log_sum(logs, m->matching, m->classes));
}

double model_weights(const struct model *m, const struct vector *v, double ret[LINK_EVIDENCE_MAX])
{
    double logs[CLASSES_MAX], total = (double)model_score(m, v) / log(2);

    // Each side is represented by its classes as far as they explain this pair.
    joints(m, v, logs);
    double same = log_sum(logs, 0, m->matching), other = log_sum(logs, m->matching, m->classes);
    double rest = total;
    for (size_t p = 0; p < m->evidence.count; p++) {
        ret[p] = 0;
        for (unsigned c = 0; c < m->classes; c++) {
            double part = c < m->matching ? exp(logs[c] - same) : -exp(logs[c] - other);
            ret[p] += part * (double)m->level[c][p][v->level[p]] / log(2);
        }
        rest -= ret[p];
    }
    return rest;
}
