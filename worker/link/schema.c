#include "link/schema.h"

static const struct {
    struct str code, label;
} kinds[] = {
#define LINK_KIND(name, code, label) { STR_INIT(code), STR_INIT(label) },
#include "link/kinds.def"
#undef LINK_KIND
};

static const struct str units[LINK_UNITS] = {
    [LINK_ESTABLISHMENT] = STR_INIT("etablissement"),
    [LINK_PERSON]        = STR_INIT("personne"),
    [LINK_THING]         = STR_INIT("objet"),
};

#define FIELD(column, label, kind)                     \
    {                                                  \
        STR_INIT(column), STR_INIT(label), LINK_##kind \
    }

static const struct link_field establishment_fields[] = {
    FIELD("nom", "Nom", ORGANISATION),    FIELD("forme_juridique", "Forme juridique", LEGAL_FORM),
    FIELD("siret", "SIRET", SIRET),       FIELD("naf", "Activité", NAF),
    FIELD("adresse", "Adresse", ADDRESS), FIELD("code_postal", "Code postal", POSTCODE),
    FIELD("commune", "Commune", COMMUNE), FIELD("telephone", "Téléphone", PHONE),
    FIELD("courriel", "Courriel", EMAIL),
};

static const struct link_field contact_fields[] = {
    FIELD("civilite", "Civilité", CIVILITY),
    FIELD("prenom", "Prénom", GIVEN_NAME),
    FIELD("nom", "Nom", FAMILY_NAME),
    FIELD("fonction", "Fonction", JOB),
    FIELD("courriel", "Courriel", EMAIL),
    FIELD("telephone", "Téléphone", PHONE),
    FIELD("employeur", "Employeur", ORGANISATION),
    FIELD("employeur_siret", "SIRET de l’employeur", SIRET),
    FIELD("employeur_code_postal", "Code postal de l’employeur", POSTCODE),
    FIELD("employeur_commune", "Commune de l’employeur", COMMUNE),
};

static const struct link_schema schemas[] = {
    { STR_INIT("etablissement"), STR_INIT("record_id"), LINK_ESTABLISHMENT, establishment_fields,
      LENGTH(establishment_fields) },
    { STR_INIT("contact"), STR_INIT("record_id"), LINK_PERSON, contact_fields,
      LENGTH(contact_fields) },
};

const struct link_schema *link_schema_find(struct str name)
{
    for (size_t i = 0; i < LENGTH(schemas); i++) {
        if (str_eq(schemas[i].name, name)) {
            return &schemas[i];
        }
    }
    return NULL;
}

bool link_kind_find(struct str code, enum link_kind *ret_kind)
{
    for (size_t i = 0; i < LINK_KINDS; i++) {
        if (str_eq(kinds[i].code, code)) {
            *ret_kind = (enum link_kind)i;
            return true;
        }
    }
    return false;
}

struct str link_kind_code(enum link_kind kind)
{
    return kinds[kind].code;
}

struct str link_kind_label(enum link_kind kind)
{
    return kinds[kind].label;
}

bool link_unit_find(struct str code, enum link_unit *ret_unit)
{
    for (size_t i = 0; i < LINK_UNITS; i++) {
        if (str_eq(units[i], code)) {
            *ret_unit = (enum link_unit)i;
            return true;
        }
    }
    return false;
}

struct str link_unit_code(enum link_unit unit)
{
    return units[unit];
}

struct str link_schema_problem(const struct link_schema *schema)
{
    bool compares = false;

    if (!schema->count || schema->count > LINK_FIELDS_MAX) {
        return STR("un schéma a de 1 à 32 colonnes");
    }
    if (str_is_empty(schema->id)) {
        return STR("la colonne qui identifie les fiches n’est pas nommée");
    }
    for (size_t i = 0; i < schema->count; i++) {
        const struct link_field *f = &schema->fields[i];
        if (str_is_empty(f->column)) {
            return STR("une colonne n’a pas de nom");
        }
        if (str_eq(f->column, schema->id)) {
            return STR("la colonne qui identifie les fiches ne peut pas être comparée");
        }
        for (size_t k = 0; k < i; k++) {
            if (str_eq(f->column, schema->fields[k].column)) {
                return STR("une colonne est nommée deux fois");
            }
        }
        compares = compares || (f->kind != LINK_IGNORE && f->kind != LINK_CIVILITY);
    }
    return compares ? (struct str){ NULL, 0 } : STR("aucune colonne n’est comparée");
}
