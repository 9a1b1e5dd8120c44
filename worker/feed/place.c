#include "feed/place.h"

#include "feed/joined.h"
#include "feed/text.h"
#include "feed/value.h"

enum { NAME_MOST = 160 };

// Spreadsheets lose the zero of 03000; departments of Corsica are 2A and 2B in codes of communes, 20 in postcodes.
struct str feed_postcode(struct arena *a, struct str text)
{
    struct str code = feed_digits(text, 5), digits = feed_number(a, text, false);
    if (!code.len && digits.len == 4) {
        return arena_printf(a, "0%.*s", STR_ARG(digits));
    }
    return code;
}

struct str feed_commune(struct arena *a, struct str text)
{
    if (text.len == 5 && text.at[0] == '2' && strchr("ABab", text.at[1]) && feed_is_digit(text.at[2]) && feed_is_digit(text.at[3]) && feed_is_digit(text.at[4])) {
        return arena_printf(a, "2%c%.*s", text.at[1] & ~32, 3, text.at + 2);
    }
    return feed_postcode(a, text);
}

// The number of a text that holds one, or one of the two that a place has: 46,5; "46.566, 3.333"; "POINT(3.333 46.566)", which begins
// with its longitude.
static struct str degrees(struct arena *a, struct str text, bool is_longitude)
{
    enum { MOST = 32 };
    bool       is_point = str_starts(text, STR("POINT")), has_point = str_index(text, '.') < text.len;
    struct str found[2] = { { 0 } };
    size_t     count    = 0;
    double     value, most = is_longitude ? 180 : 90;
    for (size_t at = 0, end; at < text.len; at = end + 1) {
        char number[MOST];
        for (end = at; end < text.len && end - at < MOST && (feed_is_digit(text.at[end]) || strchr("+-.", text.at[end]) || (!has_point && text.at[end] == ','));) {
            number[end - at] = text.at[end] == ',' ? '.' : text.at[end];
            end++;
        }
        if (end > at && count < LENGTH(found)) {
            found[count] = arena_str(a, (struct str){ number, end - at });
        }
        count += end > at;
    }
    struct str one    = count == 2 ? found[is_longitude != is_point] : count == 1 ? found[0] : (struct str){ 0 };
    bool       is_one = str_double(one, &value) && value >= -most && value <= most && (value > 0 || value < 0);
    return is_one ? arena_printf(a, "%.6f", value) : (struct str){ 0 };
}

struct str feed_latitude(struct arena *a, struct str text)
{
    return degrees(a, text, false);
}

struct str feed_longitude(struct arena *a, struct str text)
{
    return degrees(a, text, true);
}

// Behind the postcode of an address: "12 rue du Port, 03100 Montluçon"; the whole text when nothing comes there.
static struct str behind_postcode(struct str text)
{
    struct str code = feed_digits(text, 5);
    struct str rest = code.len ? str_sub(text, (size_t)(code.at - text.at) + code.len, text.len) : (struct str){ 0 };
    struct str name = str_trim(rest);
    bool       is_name = name.len > 1 && rest.at[0] == ' ' && ((name.at[0] | 32) >= 'a' ? (name.at[0] | 32) <= 'z' : (unsigned char)name.at[0] >= 0xC3);
    return is_name ? name : text;
}

// Without what the post or a town hall adds: "MOULINS CEDEX 9", "Lyon 3e Arrondissement", "PARIS 12".
static struct str without_district(struct str name)
{
    static const char *const towns[] = { "Paris", "Lyon", "Marseille" };
    for (size_t at = 0; at + 6 <= name.len; at++) {
        if (str_eq_case(str_sub(name, at, 6), STR(" cedex"))) {
            return str_sub(name, 0, at);
        }
    }
    for (size_t i = 0; i < LENGTH(towns); i++) {
        struct str town = str_of(towns[i]), rest = str_sub(name, town.len, name.len);
        if (str_eq_case(str_sub(name, 0, town.len), town) && rest.len > 1 && rest.at[0] == ' ' && feed_is_digit(rest.at[1])) {
            return str_sub(name, 0, town.len);
        }
    }
    return name;
}

bool feed_is_around(struct arena *a, struct str piece)
{
    static const char *const names[] = {
        "a distance", "ain", "aisne", "allemagne", "allier", "alpes de haute provence", "alpes maritimes", "alsace", "aquitaine", "ara", "ardeche", "ardennes", "ariege",
        "arrondissement", "aube", "aude", "auvergne", "auvergne rhone alpes", "aveyron", "bas rhin", "basse normandie", "belgique", "bouches du rhone", "bourgogne",
        "bourgogne franche comte", "bretagne", "calvados", "cantal", "cedex", "centre val de loire", "centre", "centre ville", "centre bourg", "hyper centre", "hypercentre", "champagne ardenne", "charente", "charente maritime", "cher", "correze",
        "corse", "corse du sud", "cote d or", "cotes d armor", "creuse", "deux sevres", "dordogne", "doubs", "drome", "espagne", "essonne", "eure", "eure et loir", "finistere",
        "fr", "fra", "france", "france metropolitaine", "franche comte", "gard", "gers", "gironde", "grand est", "guadeloupe", "guyane", "haut rhin", "haute corse",
        "haute garonne", "haute loire", "haute marne", "haute normandie", "haute saone", "haute savoie", "haute vienne", "hautes alpes", "hautes pyrenees", "hauts de france",
        "hauts de seine", "herault", "hybride", "idf", "ile de france", "ille et vilaine", "indre", "indre et loire", "isere", "italie", "jura", "la reunion", "landes",
        "languedoc roussillon", "limousin", "loir et cher", "loire", "loire atlantique", "loiret", "lorraine", "lot", "lot et garonne", "lozere", "luxembourg", "maine et loire",
        "manche", "marne", "martinique", "mayenne", "mayotte", "meurthe et moselle", "meuse", "midi pyrenees", "monaco", "morbihan", "moselle", "nievre", "nord",
        "nord pas de calais", "normandie", "nouvelle aquitaine", "nouvelle caledonie", "occitanie", "oise", "orne", "paca", "part dieu", "la part dieu", "la defense", "confluence", "euralille", "pas de calais", "pays de la loire", "picardie",
        "poitou charentes", "polynesie francaise", "provence alpes cote d azur", "puy de dome", "pyrenees atlantiques", "pyrenees orientales", "remote", "reunion", "rhone",
        "rhone alpes", "saint pierre et miquelon", "saone et loire", "sarthe", "savoie", "seine et marne", "seine maritime", "seine saint denis", "somme", "suisse", "tarn",
        "tarn et garonne", "teletravail", "territoire de belfort", "val d oise", "val de marne", "var", "vaucluse", "vendee", "vienne", "vosges", "wallis et futuna", "yonne",
        "yvelines",
    };
    static const char *const begins[] = { "environs", "alentours", "sa ", "ses ", "peripherie", "agglomeration", "region", "departement", "secteur",
                                            "rue ", "avenue ", "av ", "boulevard ", "bd ", "chemin ", "route ", "impasse ", "allee ", "allees ", "place ", "quai ", "cours ", "quartier ",
                                            "zone ", "zi ", "za ", "zac ", "lieu dit ", "gare " };
    struct str               folded   = feed_fold(a, str_sub(piece, 0, str_index(piece, '(')));
    while (folded.len && (feed_is_digit(folded.at[0]) || folded.at[0] == ' ')) { // "3e arrondissement"
        folded = str_sub(folded, 1, folded.len);
    }
    bool is_it = folded.len <= 1 || feed_has_words(folded, STR("arrondissement"));
    for (size_t i = 0; i < LENGTH(names) && !is_it; i++) {
        is_it = str_eq(folded, str_of(names[i]));
    }
    for (size_t i = 0; i < LENGTH(begins) && !is_it; i++) {
        is_it = str_starts(folded, str_of(begins[i]));
    }
    return is_it;
}

// Where a place ends and another may begin: , ; / | or « et », « ou » between names that are not in capitals, where it may be the
// hyphen of one. What stands in brackets is part of the name. Returns the length of the piece.
static size_t place_end(struct str text, bool has_et, size_t *ret_width)
{
    static const char *const marks[] = { ",", ";", "/", "|", " et ", " ou ", " & ", " and ", " or " };
    int                      depth   = 0;
    for (size_t at = 0; at < text.len; at++) {
        depth += text.at[at] == '(' ? 1 : text.at[at] == ')' && depth ? -1 : 0;
        bool is_on = text.at[at] == '/' && at && (text.at[at - 1] | 32) == 's' && (at == 1 || text.at[at - 2] == ' '); // Fontenay s/Bois
        for (size_t i = 0; i < LENGTH(marks) && !depth && !is_on; i++) {
            if ((!has_et || marks[i][0] != ' ') && str_starts(str_sub(text, at, 5), str_of(marks[i]))) {
                *ret_width = strlen(marks[i]);
                return at;
            }
        }
    }
    *ret_width = 1;
    return text.len;
}

size_t feed_towns(struct arena *a, struct str text, struct str *ret_first)
{
    enum { TOWNS = 64 };
    size_t count = 0, pieces = 0, width;
    text         = feed_text(a, text);
    char *copy   = arena_alloc(a, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        copy[i] = text.at[i] == '\n' ? ';' : text.at[i];
    }
    struct str rest = behind_postcode(feed_line(a, (struct str){ copy, text.len })), folded = feed_fold(a, rest);
    bool       has_et = feed_begins_joined(folded);
    *ret_first = rest;
    for (struct str piece; pieces < TOWNS && rest.len; pieces++) {
        size_t end = place_end(rest, has_et, &width);
        piece      = str_trim(str_sub(rest, 0, end));
        rest       = str_sub(rest, end + width, rest.len);
        if (!pieces) {
            *ret_first = piece;
        }
        if (!feed_is_around(a, piece) && !(count && str_eq_case(piece, *ret_first))) {
            *ret_first = count ? *ret_first : piece;
            count++;
        }
    }
    return count;
}

// "03 - MOULINS", "Moulins (03)", "03000 Moulins", "Vichy 03", "Moulins, Allier, France", "12 rue du Port, 03100 Montluçon": the name of the town.
struct str feed_city(struct arena *a, struct str text)
{
    struct str name;
    feed_towns(a, text, &name);
    while (name.len && (feed_is_digit(name.at[0]) || strchr(" -,/", name.at[0]) || (name.len > 2 && name.at[0] == '2' && strchr("ABab", name.at[1])))) {
        name = str_sub(name, 1, name.len);
    }
    struct str cut = without_district(str_trim(str_sub(name, 0, str_index(name, '('))));
    size_t     end = cut.len;
    bool       is_corsican = end > 3 && strchr(" -", cut.at[end - 3]) && cut.at[end - 2] == '2' && strchr("ABab", cut.at[end - 1]);
    end -= is_corsican ? 2 : 0;
    while (end && (feed_is_digit(cut.at[end - 1]) || strchr(" -/", cut.at[end - 1]))) {
        end--;
    }
    return feed_cut(a, end ? str_sub(cut, 0, end) : cut, NAME_MOST);
}
