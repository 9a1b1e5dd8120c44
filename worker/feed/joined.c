#include "feed/joined.h"

// Folded, in the order of the alphabet; from the official code of communes.
static const char *const names[] = {
    "adelans et le val de bithaine", "agnicourt et sechelles", "aillevillers et lyaumont", "aisey et richecourt", "aisonville et bernoville", "alland huy et sausseuil",
    "allemanche launay et soyer", "allez et cazeneuve", "ambares et lagrave", "amblans et velotte", "amont et effreney", "anchenoncourt et chazel", "andert et condon",
    "angluzelles et courcelles", "annesse et beaulieu", "antonne et trigonant", "arc et senans", "ardeuil et montfauxelles", "armous et cau", "arpaillargues et aureillac",
    "arraye et han", "aubie et espessas", "autrecourt et pourron", "auvet et la chapelotte", "azannes et soumazannes", "bairon et ses environs", "balaives et butz",
    "bas et lezat", "bassillac et auberoche", "bazoches et saint thibaut", "bazoilles et menil", "beaujeu saint vallier pierrejux et quitteur", "beauregard et bassac",
    "bedeilhac et aynat", "beffu et le morthomme", "belcastel et buc", "belle et houllefort", "belleville et chatillon sur bar", "belvianes et cavirac",
    "benque dessous et dessus", "berrias et casteljau", "besny et loizy", "besse et saint anastaise", "beychac et caillau", "beynac et cazenac", "bez et esparon",
    "binson et orquigny", "blanchefosse et bay", "blis et born", "boisset et gaujac", "bonneville et saint avit de fumadieres", "bor et bar", "borderes et lamensans",
    "boresse et martron", "bors canton de tude et lavalette", "bosseval et briancourt", "boucoiran et nozieres", "bouhans et feurg", "bourg et comin",
    "bourmont entre meuse et mouzon", "braud et saint louis", "bray et lu", "bremur et vaurois", "brey et maison du bois", "brie et angonnes", "brousses et villaret",
    "broye les loups et verfontaine", "bruyeres et montberault", "busserotte et montenaille", "bussieres et pruns", "cabanac et villagrains", "calmels et le viala",
    "caluire et cuire", "camblanes et meynac", "cambon et salvergues", "camiac et saint denis", "campestre et luc", "campet et lamolere", "canaules et argentieres",
    "canenx et reaut", "cannes et clairan", "cans et cevennes", "capoulet et junac", "carlencas et levas", "castels et bezenac", "castets et castillon", "causse et diege",
    "causses et veyran", "caux et sauzens", "caychax et senconac", "cazenave serres et allens", "ceilhes et rocozels", "cenac et saint julien", "champagne et fontaine",
    "champeaux et la chapelle pommier", "champlat et boujacourt", "champniers et reilhac", "chateauneuf d ille et vilaine", "chaume et courchamp", "chemaudin et vaux",
    "chenevrey et morogne", "clacy et thierret", "coeuvres et valsery", "collonges et premieres", "comberanche et epeluche", "cosnes et romain", "coulommes et marqueny",
    "cour et buis", "courtesoult et gatey", "courtetain et salans", "courtrizy et fussigny", "couvron et aumencourt", "coux et bigaroque mouzens", "couze et saint front",
    "crevans et la chapelle les granges", "creyssensac et pissot", "cuissy et geny", "cuse et adrisans", "damas et bettegney", "dampierre et flee", "danne et quatre vents",
    "detain et bruant", "dhuys et morin en brie", "dio et valquieres", "durfort et saint martin de sossenac", "embres et castelmaure", "escombres et le chesnois",
    "escueillens et saint just de belengard", "essertenne et cecey", "essey et maizerais", "etaves et bocquiaux", "etrelles et la montbleuse", "euilly et lombut",
    "evaux et menil", "eygurande et gardedeuil", "faucogney et la mer", "faverolles et coemy", "ferriere et lafolie", "festes et saint andre",
    "flavigny le grand et beaurain", "fosses et baleyssac", "fougax et barrineuf", "fourcatier et maison neuve", "frahier et chatebier", "fraignot et vesvrotte",
    "fretigney et velloreille", "gageac et rouillac", "gaja et villedieu", "gardegan et tourtirac", "gazax et baccarisse", "gelvecourt et adompt",
    "gerbecourt et haplemont", "gercourt et drillancourt", "gevigney et mercey", "gezier et fontenelay", "gigors et lozeron", "gilhac et bruzac", "grandlup et fay",
    "grandvelle et le perrenot", "grayan et l hopital", "graye et charnay", "gueytes et labastide", "hagneville et roncourt", "hartennes et taux",
    "iles saint paul et nouvelle amsterdam", "illier et laramade", "isle et bardais", "issancourt et rumel", "jau dignac et loirac",
    "javerlhac et la chapelle saint robert", "juvincourt et damary", "la cadiere et cambo", "la capelle et masmolene", "la cluse et mijoux", "la lanterne et les armonts",
    "la proiseliere et langle", "la rochebeaucourt et argentine", "la salle et chapelle aubry", "la vacheresse et la rouillie", "la vacquerie et saint martin de castries",
    "la villeneuve bellenoye et la maize", "landelles et coupigny", "landes vieilles et neuves", "landifay et bertaignemont", "landres et saint georges",
    "lardier et valenca", "larians et munans", "ledas et penthies", "legeville et bonfays", "lerm et musset", "les eglisottes et chalaures", "les istres et bury",
    "les leves et thoumeyragues", "les plains et grands essarts", "lessard et le chene", "lestrade et thouels", "lissac et mouret", "lit et mixe", "livet et gavet",
    "lucbardez et bargues", "lugon et l ile du carnay", "lussas et nontronneau", "luxemont et villotte", "maast et violaine", "madonne et lamerey", "mailley et chazelot",
    "maisoncelle et villers", "malons et elze", "marcilly et dracy", "marnhagues et latour", "matton et clemency", "mauzac et grand castang", "mauzens et miremont",
    "mercin et vaux", "merlieux et fouquerolles", "messigny et vantoux", "mirabel et blacons", "moffans et vacheresse", "moliets et maa", "monceau le neuf et faucouzy",
    "mont et marre", "mont lozere et goulet", "montaren et saint mediers", "montceau et echarnant", "montet et bouxal", "montjustin et velotte", "montliot et courcelles",
    "montureux et prantigny", "moret loing et orvanne", "moules et baucels", "mouliets et villemartin", "muret et crouttes", "murs et gelignieux", "murtin et bogny",
    "nages et solorgues", "naujan et postiac", "nesle et massoult", "nivigne et suran", "nojals et clotte", "nossage et benevent", "nouvion et catillon",
    "oiselay et grachaux", "olmet et villecun", "ols et rinhodes", "ormes et ville", "oye et pallet", "pair et grandrupt", "parcy et tigny", "pargny et filain",
    "parves et nattages", "paussac et saint vivien", "pecharic et le py", "pel et der", "perles et castelet", "petit palais et cornemps", "peux et couffouleux",
    "peyrillac et millac", "plaine et vallees", "ployart et vaurseine", "poiseul la ville et laperriere", "polaincourt et clairefontaine", "ponet et saint auban",
    "pont et massene", "ponteils et bresis", "ponts et marais", "port sainte foy et ponchapt", "presles et boves", "presles et thierny", "prignac et marcamps",
    "provencheres et colroy", "proviseux et plesnoy", "prunet et belpuig", "puilly et charbeaux", "puisieux et clanlieu", "puits et nuisement", "pusy et epenoux",
    "raddon et chapendu", "rambluzin et benoite vaux", "raucourt et flaba", "rimbez et baudiets", "rimon et savel", "riviere saas et gourby", "roche et raucourt",
    "roche sur linotte et sorans les cordiers", "rombies et marchipont", "roquetaillade et conilhac", "royaucourt et chailvet", "rubecourt et lamecourt",
    "saconin et breuil", "sagnes et goudoulet", "saint andre et appelles", "saint ange et torcay", "saint baudille et pipet", "saint christophe et le laris",
    "saint come et maruejols", "saint crepin et carlucet", "saint erme outre et ramecourt", "saint euphraise et clairizet", "saint felix de reillac et mortemart",
    "saint geniez d olt et d aubrac", "saint germain et mons", "saint jean de maruejols et avejan", "saint jean et saint paul", "saint just et le bezu",
    "saint just et vacquieres", "saint lambert et mont de jeux", "saint louis et parahou", "saint michel et chanveaux", "saint michel l ecluse et leparon",
    "saint pardoux et vielvic", "saint paul et valmalle", "saint remy en bouzemont saint genest et isson", "saint romain et saint clement", "saint sulpice et cameyrac",
    "saint victor et melvieu", "sainte suzanne et chammes", "salles et pratviel", "sapogne et feucheres", "sars et rosieres", "satolas et bonce", "saugnac et cambran",
    "saugnac et muret", "saux et pomarede", "scey sur saone et saint albin", "scieurac et floures", "seringes et nesles", "serres et montguyard", "serreslous et arribans",
    "serviers et labaume", "serzy et prin", "siccieu saint julien et carisieu", "sigoules et flaugeac", "sons et roncheres", "sorges et ligueux en perigord",
    "soulaire et bourg", "suc et sentenac", "tavaux et pontsericourt", "ternuay melay et saint hilaire", "terre et marais", "thue et mue", "tilloy et bellay",
    "tincey et pontrebeau", "torcy et pouligny", "touillon et loutelet", "toulis et attencourt", "tugny et pont", "tupin et semons", "uchacq et parentis",
    "urou et crennes", "usclades et rieutord", "vaivre et montoille", "val d oire et gartempe", "val de louyre et caudeau", "val et chatillon", "vantoux et longevelle",
    "varces allieres et risset", "varois et chaignot", "vassimont et chapelaine", "vaucelles et beffecourt", "vaux et chantegrue", "vellechevreux et courbenans",
    "vellefrey et vellefrange", "velleguindry et levrecey", "vellexon queutrey et vaudey", "velotte et tatignecourt", "verneuil d avre et d iton", "versols et lapeyre",
    "vesles et caumont", "vestric et candiac", "villars et villenotte", "villeneuve saint vistre et villevotte", "villers chemin et mont les etrelles",
    "vincy reuil et magny", "voeuil et giget", "xivray et marvoisin", "yronde et buron", "yvrac et malleyrand",
};

bool feed_begins_joined(struct str folded)
{
    for (size_t i = 0; i < LENGTH(names); i++) {
        struct str name = str_of(names[i]);
        if (str_starts(folded, name) && (folded.len == name.len || folded.at[name.len] == ' ')) {
            return true;
        }
    }
    return false;
}
