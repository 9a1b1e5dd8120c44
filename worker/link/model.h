// The model: latent classes of pairs, learned without labels.
//
// A candidate pair belongs to one of a few classes: same entity, one of the known near misses, or
// nothing in common. Within a class the pieces of evidence are independent; each class has its own
// probability of each level (Fellegi and Sunter 1969 for two classes; Lazarsfeld's latent class
// analysis for more). Near misses being classes of their own is what takes care of dependence: that
// name, domain and SIREN agree together is what "other site of the company" means. The EM algorithm
// (Dempster, Laird and Rubin 1977) estimates all, with the percentages of link/levels.def as
// Dirichlet prior, so that a class keeps its meaning and small files are safe.
//
// Values shared by many count less: where pairs agree on a value by being among the many that share
// it, their number grows with the square of how many those are, that of pairs that are the same in
// proportion only; the ratio is known, not estimated (in the spirit of Winkler 1989).
// Owned by one thread; read by any.
#pragma once

#include "link/evidence.h"

enum { CLASSES_MAX = 7 };

struct model {
    enum link_unit  unit;
    struct evidence evidence;
    unsigned        classes, matching; // the first `matching` ones are the same entity
    double          share[CLASSES_MAX];
    double          usual[CROWDS]; // mean of the crowds among pairs that are the same
    double          log_share[CLASSES_MAX], log_usual[CROWDS];
    float           level[CLASSES_MAX][LINK_EVIDENCE_MAX][LEVELS]; // natural logarithms
    unsigned        rounds;
};

// The model before anything is learned.
void model_init(struct model *m, const struct link_schema *schema);

// Learns from the vectors of candidate pairs; random, of random_count pairs taken anywhere, tells
// what chance gives for units without known near misses.
void model_learn(struct model *m, const struct vector *pairs, size_t count,
                 const struct vector *random, size_t random_count);

// Natural logarithm of the odds that a pair is the same entity.
float model_score(const struct model *m, const struct vector *v);

// The weight of each piece of evidence in bits, in the order of the evidence; returns the rest:
// what the model thinks of a candidate pair before it looks at the pieces.
double model_weights(const struct model *m, const struct vector *v, double ret[LINK_EVIDENCE_MAX]);
