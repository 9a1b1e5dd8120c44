#include "feed/known.h"

// The dictionary of France Travail for the files of its partners, and what ours has behind it (schema/api/73_partner_file.sql).
static const char partner_file[] = "nom = \"Fichier partenaire France Travail\"\n"
                                   "format = \"csv\"\n"
                                   "element = \"ligne\"\n"
                                   "[champs]\n"
                                   "reference = \"Par_ref_offre\"\n"
                                   "titre = \"Libelle_metier_OGR\"\n"
                                   "description = \"Description\"\n"
                                   "rome = \"Code_ROME\"\n"
                                   "contrat = \"TCO_cle + NTC_cle\"\n"
                                   "postes = \"NB_postes\"\n"
                                   "salaire = \"Salaire\"\n"
                                   "heures = \"Dur_hebdo_heures\"\n"
                                   "debut = \"Date_debut\"\n"
                                   "fin = \"Date_fin_publication\"\n"
                                   "siret = \"ENT_SIRET\"\n"
                                   "entreprise = \"ENT_nom\"\n"
                                   "code_postal = \"Code_Postal\"\n"
                                   "ville = \"Libelle_commune\"\n"
                                   "commune = \"INSEE_commune\"\n"
                                   "adresse_web = \"Par_URL_offre\"\n"
                                   "salaire_min = \"SAL_montant_min\"\n"
                                   "salaire_max = \"SAL_montant_max\"\n"
                                   "salaire_periode = \"SAL_type\"\n"
                                   "salaire_mois = \"SAL_nb_mois\"\n"
                                   "temps = \"Temps_travail\"\n"
                                   "horaires = \"Horaires\"\n"
                                   "duree = \"TCO_duree\"\n"
                                   "experience = \"EXP_cle\"\n"
                                   "experience_mois = \"EXP_duree\"\n"
                                   "competences = \"Competences\"\n"
                                   "qualites = \"Qualites\"\n"
                                   "formation = \"Formation\"\n"
                                   "langues = \"Langues\"\n"
                                   "permis = \"Permis\"\n"
                                   "avantages = \"Avantages\"\n"
                                   "conditions = \"Conditions_exercice\"\n"
                                   "qualification = \"QUA_cle\"\n"
                                   "deplacements = \"DEP_cle\"\n"
                                   "accessible = \"Accessible_TH\"\n"
                                   "adaptee = \"Entreprise_adaptee\"\n"
                                   "candidature = \"Candidature\"\n"
                                   "contact = \"Contact_nom\"\n"
                                   "telephone = \"Contact_telephone\"\n"
                                   "courriel = \"Courriel\"\n"
                                   "adresse_postuler = \"URL_postulation\"\n"
                                   "consigne = \"Contact_commentaire\"\n"
                                   "etat = \"Off_etat\"\n";

// « Offres d'emploi v2 » of France Travail.
static const char offers_v2[] = "nom = \"Offres d’emploi v2\"\n"
                                "format = \"json\"\n"
                                "element = \"resultats\"\n"
                                "[champs]\n"
                                "reference = \"id\"\n"
                                "titre = \"intitule\"\n"
                                "description = \"description\"\n"
                                "rome = \"romeCode\"\n"
                                "contrat = \"natureContrat + typeContrat\"\n"
                                "postes = \"nombrePostes\"\n"
                                "salaire = \"salaire/libelle\"\n"
                                "heures = \"dureeTravailLibelle\"\n"
                                "siret = \"entreprise/siret\"\n"
                                "entreprise = \"entreprise/nom\"\n"
                                "code_postal = \"lieuTravail/codePostal\"\n"
                                "ville = \"lieuTravail/libelle\"\n"
                                "commune = \"lieuTravail/commune\"\n"
                                "latitude = \"lieuTravail/latitude\"\n"
                                "longitude = \"lieuTravail/longitude\"\n"
                                "adresse_web = \"origineOffre/urlOrigine\"\n"
                                "temps = \"dureeTravailLibelleConverti\"\n"
                                "horaires = \"dureeTravailLibelle\"\n"
                                "duree = \"typeContratLibelle\"\n"
                                "experience = \"experienceExige\"\n"
                                "experience_mois = \"experienceLibelle\"\n"
                                "competences = \"competences[libelle, exigence, code]\"\n"
                                "qualites = \"qualitesProfessionnelles[libelle]\"\n"
                                "formation = \"formations[niveauLibelle domaineLibelle, exigence, codeFormation]\"\n"
                                "langues = \"langues[libelle, exigence]\"\n"
                                "permis = \"permis[libelle, exigence]\"\n"
                                "avantages = \"salaire/complement1 + salaire/complement2\"\n"
                                "conditions = \"contexteTravail/conditionsExercice\"\n"
                                "qualification = \"qualificationCode\"\n"
                                "deplacements = \"deplacementCode\"\n"
                                "accessible = \"accessibleTH\"\n"
                                "adaptee = \"entrepriseAdaptee\"\n"
                                "candidature = \"'employeur'\"\n"
                                "contact = \"contact/nom\"\n"
                                "telephone = \"contact/telephone\"\n"
                                "courriel = \"contact/courriel\"\n"
                                "adresse_postuler = \"contact/urlPostulation | contact/urlRecruteur\"\n"
                                "consigne = \"contact/commentaire\"\n";

static const struct {
    const char *layout, *element, *signs[4]; // parts of its elements that no other make has together
} makes[] = {
    { partner_file, "ligne", { "Par_ref_offre", "Par_cle", "Code_ROME", "Off_etat" } },
    { offers_v2, "resultats", { "id", "romeCode", "typeContrat", "origineOffre/origine" } },
};

bool feed_known(struct arena *a, const struct feed_node *root, struct feed_layout *ret)
{
    struct feed_fault fault;
    for (size_t i = 0; i < LENGTH(makes); i++) {
        const struct feed_node *element = NULL, *part;
        bool                    is_it   = feed_find(root, str_of(makes[i].element), &element, 1) > 0;
        for (size_t k = 0; is_it && k < LENGTH(makes[i].signs); k++) {
            is_it = feed_find(element, str_of(makes[i].signs[k]), &part, 1) > 0;
        }
        if (is_it) {
            return feed_layout_read(a, str_of(makes[i].layout), ret, &fault);
        }
    }
    return false;
}
