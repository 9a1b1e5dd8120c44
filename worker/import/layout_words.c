#include "import/layout_words.h"

// How people name what we understand, as column_key writes it.
const struct layout_word layout_words[PARTNER_FIELDS] = {
    [PARTNER_SIRET]    = { "siret", "SIRET",
                           "siret|nsiret|nosiret|numsiret|numerosiret|numerodesiret|ndesiret|codesiret|"
                              "siretetablissement|siretetab|siretdeletablissement|nsiretetablissement|"
                              "etablissementsiret|entreprisesiret|identifiantsiret|siretentreprise" },
    [PARTNER_SIREN]    = { "siren", "SIREN", "siren|nsiren|numerosiren|ndesiren|entreprisesiren" },
    [PARTNER_NIC]      = { "nic", "NIC", "nic|nnic|numeronic|codenic|nicetablissement" },
    [PARTNER_NAME]     = { "name", "Raison sociale",
                           "raisonsociale|denominationsociale|denomination|nomraisonsociale|"
                               "nomentreprise|nomdelentreprise|entreprise|entreprisenom|nometablissement|"
                               "nomdeletablissement|etablissement|etablissementnom|societe|nomsociete|"
                               "nomdelasociete|employeur|nomemployeur|structure|nomdelastructure|libelle|"
                               "entrepriseraisonsociale|name|nom" },
    [PARTNER_BRAND]    = { "brand", "Enseigne",
                           "enseigne|enseignecommerciale|nomcommercial|nomdusage|brand|marque|"
                              "nomdenseigne" },
    [PARTNER_ADDRESS]  = { "address", "Adresse",
                           "adresse|adressepostale|adresseetablissement|adresseetab|adresse1|address|"
                            "adressecomplete|voie|rue|libellevoie|libellerue|numeroetvoie|nvoie|adresselignevoie" },
    [PARTNER_POSTCODE] = { "postcode", "Code postal",
                           "codepostal|cp|codepostaletab|codepostaletablissement|postcode|codepost|"
                           "adressecodepostal|adressecp|cpville|codepostalville|codepostaletville|cpetville|"
                           "codepostalcommune" },
    [PARTNER_CITY]     = { "city", "Commune",
                           "commune|ville|communeetab|communeetablissement|communedeletablissement|"
                               "libellecommune|nomcommune|localite|city|adresseville|adressecommune" },
    [PARTNER_COMMUNE]  = { "commune_code", "Code commune",
                           "codecommune|codeinsee|insee|codecommuneinsee|codeinseecommune|depcom" },
    [PARTNER_PHONE]    = { "phone", "Téléphone",
                           "telephone|tel|telephonefixe|telfixe|numerodetelephone|numtelephone|"
                              "ndetelephone|ntelephone|telephoneetablissement|telephone1|phone|standard|"
                              "portable|mobile" },
    [PARTNER_EMAIL]    = { "email", "Courriel",
                           "courriel|email|mail|adressemail|adresseemail|adresseelectronique|"
                              "adressedecourriel|emailetablissement|mailetablissement" },
    [PARTNER_NAF]      = { "naf", "NAF",
                           "naf|codenaf|ape|codeape|codenafape|codeapenaf|nafape|apenaf|"
                                "activiteprincipale" },
    [PARTNER_CONTACT]  = { "contact", "Nom du contact",
                           "contact|nomcontact|nomducontact|contactnom|interlocuteur|"
                            "nominterlocuteur|nomdelinterlocuteur|interlocuteurnom|responsable|"
                            "dirigeant|contactnomdefamille|nomdefamille" },
    [PARTNER_GIVEN_NAME]    = { "given_name", "Prénom du contact",
                                "prenom|prenomcontact|prenomducontact|contactprenom|"
                                   "prenominterlocuteur|interlocuteurprenom" },
    [PARTNER_POSITION]      = { "position", "Fonction du contact",
                                "fonction|fonctioncontact|fonctionducontact|contactfonction|qualite|"
                                     "poste|interlocuteurfonction" },
    [PARTNER_CONTACT_PHONE] = { "contact_phone", "Téléphone du contact",
                                "telephonecontact|telephoneducontact|contacttelephone|contacttel|telcontact|"
                                "contactportable|contactmobile|portablecontact|mobilecontact|"
                                "portableducontact|lignedirecte|telephonedirect|interlocuteurtelephone|"
                                "interlocuteurtel|telephoneinterlocuteur" },
    [PARTNER_CONTACT_EMAIL] = { "contact_email", "Courriel du contact",
                                "courrielcontact|courrielducontact|contactmail|contactemail|"
                                "contactcourriel|mailcontact|mailducontact|emailcontact|emailducontact|"
                                "interlocuteurmail|interlocuteuremail|interlocuteurcourriel|"
                                "mailinterlocuteur" },
    [PARTNER_NOTES]         = { "notes", "Notes",
                                "notes|note|commentaire|commentaires|observation|observations|remarques|"
                                        "remarque" },
    [PARTNER_OWN_KEY]       = { "own_key", "Identifiant interne",
                                "identifiant|id|reference|ref|recordid|numerointerne|numero|code|"
                                      "identifiantinterne|numeroclient|codeclient|nclient" },
};

const char *layout_field_name(enum partner_field field)
{
    return layout_words[field].wire;
}

const char *layout_field_label(enum partner_field field)
{
    return layout_words[field].label;
}

int layout_word_of(const char *key, size_t *ret_rank)
{
    for (int f = 0; key[0] && f < PARTNER_FIELDS; f++) {
        struct str rest = str_of(layout_words[f].names);
        *ret_rank       = 0;
        for (struct str name; str_cut(&rest, '|', &name); ++*ret_rank) {
            if (str_eq(name, str_of(key))) {
                return f;
            }
        }
    }
    return LAYOUT_NONE;
}
