#include "words.h"

// One string per list, entries separated by '|'.
static const char *const lists[LIST_COUNT] = {
    [LIST_SURNAMES] =
        "Martin|Bernard|Thomas|Petit|Robert|Richard|Durand|Dubois|Moreau|Laurent|Simon|Michel|"
        "Lefebvre|Leroy|Roux|David|Bertrand|Morel|Fournier|Girard|Bonnet|Dupont|Lambert|Fontaine|"
        "Rousseau|Vincent|Muller|Lefèvre|Faure|André|Mercier|Blanc|Guérin|Boyer|Garnier|Chevalier|"
        "François|Legrand|Gauthier|Garcia|Perrin|Robin|Clément|Morin|Nicolas|Henry|Roussel|"
        "Mathieu|Gautier|Masson|Marchand|Duval|Denis|Dumont|Marie|Lemaire|Noël|Meyer|Dufour|"
        "Meunier|Brun|Blanchard|Giraud|Joly|Rivière|Lucas|Brunet|Gaillard|Barbier|Arnaud|Martinez|"
        "Gérard|Roche|Renard|Schmitt|Roy|Leroux|Colin|Vidal|Caron|Picard|Roger|Fabre|Aubert|"
        "Lemoine|Renaud|Dumas|Lacroix|Olivier|Philippe|Bourgeois|Pierre|Benoît|Rey|Leclerc|"
        "Payet|Rolland|Leclercq|Guillaume|Lecomte|Lopez|Jean|Dupuy|Guillot|Hubert|Berger|"
        "Carpentier|Sanchez|Dupuis|Moulin|Louis|Deschamps|Huet|Vasseur|Perez|Boucher|Fleury|"
        "Royer|Klein|Jacquet|Adam|Paris|Poirier|Marty|Aubry|Guyot|Carré|Charles|Renault|"
        "Charpentier|Ménard|Maillard|Baron|Bertin|Bailly|Hervé|Schneider|Fernandez|Le Gall|Collet|"
        "Léger|Bouvier|Julien|Prévost|Millet|Perrot|Daniel|Le Roux|Cousin|Germain|Breton|Besson|"
        "Langlois|Rémy|Le Goff|Pelletier|Lévêque|Perrier|Leblanc|Barré|Lebrun|Marchal|Weber|"
        "Mallet|Hamon|Boulanger|Jacob|Monnier|Michaud|Rodriguez|Guichard|Gillet|Étienne|Grondin|"
        "Poulain|Tessier|Chevallier|Collin|Chauvin|Da Silva|Bouchet|Gay|Lemaître|Bénard|Maréchal|"
        "Humbert|Reynaud|Antoine|Hoarau|Perret|Barthélemy|Cordier|Pichon|Lejeune|Gilbert|Lamy|"
        "Delaunay|Pasquier|Carlier|Laporte|Benali|Traoré|Diallo|Nguyen|Haddad|Cissé|Ferreira|"
        "Kaya|Yilmaz|Pereira|Rossi|Bianchi|Kowalczyk|Novak|Hernandez|Belkacem|Saïdi|Coulibaly",
    [LIST_MEN] =
        "Jean|Pierre|Michel|André|Philippe|Alain|Bernard|Jacques|Daniel|Christophe|Patrick|"
        "Nicolas|Christian|Gérard|Laurent|Frédéric|David|Stéphane|Pascal|Éric|Thierry|Julien|"
        "Sébastien|Olivier|Thomas|Alexandre|Bruno|Guillaume|Dominique|Vincent|Didier|Marc|Serge|"
        "Gilles|Jérôme|Antoine|Anthony|Maxime|Romain|Mohamed|François|Benoît|Fabrice|Cédric|"
        "Mathieu|Hervé|Franck|Ludovic|Kevin|Arnaud|Quentin|Yann|Loïc|Mickaël|Rémi|Hugo|Lucas|"
        "Karim|Rachid|Mehdi|Samir|Youssef|Denis|Xavier|Régis|Damien|Florian|Grégory|Adrien|Simon|"
        "Jean-Pierre|Jean-Claude|Jean-Luc|Jean-Marc|Jean-Paul|Pierre-Yves|Jean-Michel|Ahmed|Paul|"
        "Louis|Gabriel|Arthur|Jules|Léo|Théo|Clément|Valentin|Dylan|Gaëtan|Joël|Noël|Raphaël|"
        "Emmanuel|Fabien|Tristan|Mathis|Bastien|Yves|Claude|Roland|Raymond|Robert|Roger|Henri",
    [LIST_WOMEN] =
        "Marie|Nathalie|Isabelle|Sylvie|Catherine|Françoise|Martine|Christine|Monique|Valérie|"
        "Sandrine|Véronique|Nicole|Stéphanie|Sophie|Anne|Céline|Chantal|Patricia|Brigitte|Julie|"
        "Annie|Aurélie|Laurence|Christiane|Jacqueline|Dominique|Élodie|Corinne|Émilie|Camille|"
        "Caroline|Léa|Sarah|Florence|Laetitia|Audrey|Hélène|Laura|Michèle|Mélanie|Agnès|Sabrina|"
        "Virginie|Delphine|Karine|Pascale|Marion|Claire|Fatima|Nadia|Samira|Yasmina|Pauline|"
        "Mathilde|Manon|Chloé|Emma|Inès|Lucie|Charlotte|Alice|Juliette|Élise|Noémie|Maëva|Océane|"
        "Marie-Claude|Marie-Christine|Anne-Marie|Marie-Laure|Anne-Sophie|Marie-Thérèse|Cécile|"
        "Bénédicte|Géraldine|Sonia|Angélique|Estelle|Gaëlle|Solène|Josiane|Odile|Danielle|Éliane|"
        "Ginette|Maryse|Magali|Fabienne|Muriel|Carole|Betty|Aïcha|Khadija|Amélie|Justine|Anaïs",
    [LIST_COIN_HEADS] =
        "Mas|Cour|Beau|Grand|Kerv|Plou|Trég|Cast|Vill|Roqu|Peyr|Font|Bouss|Lagr|Delm|Desc|Monn|"
        "Pell|Quint|Sauv|Torn|Vaz|Zimm|Brug|Coqu|Drou|Esp|Gour|Haut|Jouv|Labr|Mazel|Nadau|Orl|"
        "Pouj|Rabat|Salv|Tail|Ursu|Vign|Wass|Ybert|Chass|Bris|Clav|Frem|Gris|Hug|Lavi|Maugr",
    [LIST_COIN_MIDDLES] = "|al|er|an|in|on|our|eg|ign|ell|ard|ouv|am|en|is|uc",
    [LIST_COIN_TAILS] =
        "ier|ot|et|ec|in|ard|on|el|eron|issou|ac|as|eau|and|ois|ert|igue|ade|ouze|en|ez|ou|ane|"
        "elle|ette|oux|ines|al|aud|ault",
    [LIST_FIRM_HEADS] =
        "Néo|Dyna|Equi|Tempo|Vita|Lumi|Hydro|Agri|Bati|Socla|Trans|Opti|Ardi|Celti|Domi|Escale|"
        "Fluo|Geo|Horti|Inno|Juri|Kali|Logi|Mecha|Nutri|Ori|Poly|Quali|Reno|Sani|Techni|Urba|"
        "Venti|Xylo|Zeni|Alpi|Bio|Calo|Duo|Eco",
    [LIST_FIRM_TAILS] =
        "bat|tech|plus|net|sol|form|lis|dia|val|ria|med|log|gest|pro|sys|tis|nova|lia|mat|cité|"
        "via|pack|dis|tour|soft|zen|concept|isol|élec|toit",
    [LIST_TRADES] =
        "Boulangerie;1071C|Pâtisserie;1071D|Charcuterie;1013B|Fromagerie;1051C|Brasserie;1105Z|"
        "Scierie;1610A|Charpente;4391A|Menuiserie;4332A|Serrurerie;4332B|Plomberie;4322A|"
        "Chauffage;4322B|Électricité générale;4321A|Maçonnerie;4399C|Carrelage;4333Z|"
        "Peinture;4334Z|Toiture;4391B|Isolation;4329A|Terrassement;4312A|Paysagiste;8130Z|"
        "Garage;4520A|Carrosserie;4520A|Pneus;4532Z|Taxi;4932Z|Ambulances;8690A|Transports;4941A|"
        "Déménagements;4942Z|Messagerie;5320Z|Hôtel;5510Z|Camping;5530Z|Restaurant;5610A|"
        "Crêperie;5610C|Pizzeria;5610C|Café;5630Z|Traiteur;5621Z|Librairie;4761Z|Fleuriste;4776Z|"
        "Pharmacie;4773Z|Opticien;4778A|Bijouterie;4777Z|Quincaillerie;4752A|Jardinerie;4776Z|"
        "Pressing;9601B|Coiffure;9602A|Institut de beauté;9602B|Toilettage;9609Z|"
        "Pompes funèbres;9603Z|Auto-école;8553Z|Imprimerie;1812Z|Photographie;7420Z|"
        "Architectes;7111Z|Géomètre;7112A|Expertise comptable;6920Z|Notaires;6910Z|"
        "Assurances;6622Z|Immobilier;6831Z|Syndic;6832A|Nettoyage;8121Z|Propreté;8121Z|"
        "Gardiennage;8010Z|Intérim;7820Z|Recrutement;7810Z|Informatique;6202A|Logiciels;5829C|"
        "Publicité;7311Z|Crèche;8891A|Maison de retraite;8710A|Aide à domicile;8810A|"
        "Laboratoire;8690B|Kinésithérapie;8690E|Vétérinaires;7500Z|Salle de sport;9313Z|"
        "Centre équestre;9312Z|Pépinière;0130Z|Domaine viticole;0121Z|Élevage;0143Z|"
        "Conserverie;1039B|Biscuiterie;1072Z|Tapisserie;9524Z|Ébénisterie;3109B|Marbrerie;2370Z|"
        "Verrerie;2313Z|Chaudronnerie;2511Z|Usinage;2562B|Plasturgie;2229A|Textile;1392Z|"
        "Maroquinerie;1512Z|Recyclage;3832Z|Assainissement;3700Z|Location de matériel;7732Z",
    [LIST_FIRM_WORDS] =
        "Services|Développement|Conseil|Gestion|Participations|Ingénierie|Industrie|France|"
        "Équipement|Créations|Rénovation|Habitat|Environnement|Associés|International|Énergie|"
        "Distribution|Diffusion|Solutions|Design|Logistique|Maintenance",
    [LIST_PLACES] =
        "du Lavoir|de la Forge|des Tilleuls|du Vieux Moulin|de l'Europe|du Forez|de l'Allier|"
        "d'Armor|du Bocage|de la Vallée|du Canal|des Remparts|de la Fontaine|du Pont Neuf|"
        "des Deux Rives|de l'Abbaye|du Beffroi|de la Halle|des Marronniers|du Lac|de la Citadelle|"
        "des Bords de Loire|du Quercy|de la Côte|du Littoral|des Cévennes|de l'Orangerie|"
        "du Pré Vert|de la Garenne|des Quatre Vents|du Haut Plateau|de la Gare|du Centre Ville|"
        "de la Croix Blanche|des Trois Rois|du Marais|de l'Écluse|des Coteaux|de la Tour|du Parc|"
        "Saint-Roch|Sainte-Claire|Saint-Éloi|Saint-Aubin|Sainte-Barbe|Saint-Vincent|des Hortensias|"
        "du Val d'Or|de la Chênaie|du Belvédère|des Arcades|de la Rotonde|du Panier Fleuri",
    [LIST_SIGNS] =
        "Le Petit Comptoir|Aux Délices|L'Atelier|Chez Mamie|La Bonne Pâte|Au Fil de l'Eau|"
        "Le Relais|La Grange|L'Escapade|Au Coin du Feu|Les Copains d'Abord|La Cabane|Le Trèfle|"
        "L'Instant Présent|La Parenthèse|Bulle d'Air|Le Grenier|La Malle aux Trésors|Côté Jardin|"
        "Le Bon Accueil|Au Bon Coin|Les Saveurs|L'Épicurien|La Table Ronde|Le Caveau|Terre et Bois|"
        "L'Oiseau Bleu|Les Quatre Saisons|Le Coq Hardi|La Marmite|Au Pied du Mur|L'Établi|"
        "Ciseaux d'Argent|La Clé des Champs|Mille et Une Pages|Le Panier Gourmand|Tout en Couleurs",
    [LIST_STREETS] =
        "de la République|du Général Leclerc|du Maréchal Foch|Victor Hugo|Jean Jaurès|Pasteur|"
        "Gambetta|de Verdun|de la Gare|de la Mairie|des Écoles|du Stade|du Moulin|de l'Église|"
        "du Château|des Lilas|des Acacias|des Rosiers|du Lavoir|de la Fontaine|du Port|de Paris|"
        "de Bordeaux|de Nantes|de Toulouse|de Rouen|d'Alsace|de Lorraine|du 8 Mai 1945|"
        "du 11 Novembre 1918|du 19 Mars 1962|de la Libération|de la Résistance|de la Paix|"
        "Georges Clemenceau|Charles de Gaulle|Aristide Briand|Jules Guesde|Léon Blum|"
        "Pierre Mendès France|Simone Veil|Lucie Aubrac|Olympe de Gouges|Rosa Parks|Louise Michel|"
        "George Sand|Colette|Marcel Pagnol|Alphonse Daudet|Albert Camus|Paul Éluard|Jacques Prévert|"
        "Arthur Rimbaud|Paul Verlaine|Lamartine|Chateaubriand|Stendhal|Montesquieu|Diderot|Rousseau|"
        "Condorcet|Lavoisier|Arago|Monge|Laplace|Pascal|Fermat|Évariste Galois|Marie Curie|"
        "Louis Braille|Claude Monet|Paul Cézanne|Auguste Renoir|Camille Claudel|Hector Berlioz|"
        "Maurice Ravel|Claude Debussy|Édith Piaf|Georges Brassens|Jacques Brel|Saint-Martin|"
        "Saint-Nicolas|Saint-Laurent|Sainte-Catherine|Sainte-Anne|Saint-Roch|Notre-Dame|"
        "des Carmes|des Cordeliers|des Ursulines|de la Poste|des Halles|du Marché|du Commerce|"
        "de l'Industrie|des Artisans|des Entrepreneurs|du Faubourg|Haute|Basse|Neuve|Grande|"
        "du Four|du Puits|de la Tour|du Pont|des Remparts|de la Porte Neuve|du Calvaire|"
        "des Vergers|des Vignes|des Prés|du Bois|de la Forêt|de la Plaine|des Peupliers|des Ormes|"
        "des Chênes|des Tilleuls|du Cimetière|de Bellevue|de Beauregard|de la Croix|du Clos|"
        "du Colombier|de la Source|de la Rivière|du Canal|de l'Écluse|Dom Pérignon|Jean Moulin|"
        "Jean Mermoz|Antoine de Saint-Exupéry|Guynemer|du Docteur Roux|du Docteur Schweitzer|"
        "du Président Wilson|du Président Kennedy|de l'Abbé Pierre|du Chanoine Kir|Vauban|Colbert|"
        "Turenne|Jeanne d'Arc|Henri IV|François Ier|Molière|Corneille|Jean Racine|La Fontaine",
    [LIST_STREET_KINDS] =
        "rue;r;r.|rue;r;r.|rue;r;r.|rue;r;r.|rue;r;r.|rue;r;r.|rue;r;r.|avenue;av;av.;ave|"
        "avenue;av;av.;ave|boulevard;bd;bld;boul.;bvd|place;pl;pl.|chemin;ch;che;chem.|"
        "impasse;imp;imp.|allée;all;all.|route;rte;rte.|quai;quai|cours;crs|square;sq;sq.|"
        "faubourg;fbg;fg|passage;pass;psg",
    [LIST_ZONES] =
        "zone artisanale;ZA;Z.A.|zone industrielle;ZI;Z.I.|zone d'activités;ZA;ZAE|"
        "zone commerciale;ZC;Zone Cciale|parc d'activités;PA;Parc d'act.|pôle d'activités;Pôle act.",
    [LIST_COMPLEMENTS] =
        "Bâtiment B|Bât. C|BP 47|BP 1203|CS 60012|CS 20518|Résidence du Parc|1er étage|"
        "Rez-de-chaussée|Centre commercial|Porte 12|Hall A|Entrée 3|Immeuble Le Galion|"
        "Résidence Les Cèdres|Galerie marchande|Cellule 4|Lot 7",
    [LIST_ASSOCIATIONS] =
        "Centre Social|Familles Rurales|Club Nautique|Entraide et Partage|Jeunesse Sportive|"
        "Harmonie Municipale|Les Amis du Patrimoine|Épicerie Solidaire|Ressourcerie|"
        "Maison de Quartier|Aide à Domicile en Milieu Rural|Cyclo Club|Football Club|"
        "Office Municipal des Sports|Atelier Chantier d'Insertion|École de Musique|"
        "Groupement d'Employeurs|Comité d'Animation|Foyer des Jeunes Travailleurs|"
        "Centre de Loisirs Associatif|Banque Alimentaire|Crèche Parentale|Ludothèque|"
        "Société de Chasse|Union Commerciale|Tennis Club|Judo Club|Association des Parents d'Élèves|"
        "Boutique Solidaire|Jardins Partagés|Théâtre Populaire|Radio Associative|Point Jeunes",
    [LIST_SCHOOLS] =
        "Jules Ferry|Jean Macé|Jacques Prévert|Marie Curie|Simone Veil|Paul Langevin|Les Tilleuls|"
        "du Centre|Louise Michel|Lucie Aubrac|Antoine de Saint-Exupéry|Victor Hugo|Pierre Perret",
    [LIST_LIBRARIES] = "municipale|municipale|municipale|Jean Giono|Marguerite Duras|Aimé Césaire|"
                       "George Sand|Boris Vian|Andrée Chedid|Louis Aragon|Colette|Marcel Aymé",
    [LIST_FRANCHISE_HEADS] = "Point|Maison|Speedy|Royal|Planète|Atelier|Club|Univers|Vita|Petit|"
                             "Espace|Génération|Mister|Esprit|Comptoir",
    [LIST_FRANCHISE_TAILS] = "Burger|Lavage|Crêpe|Coiffe|Piscine|Literie|Cuisine|Forme|Pneu|Pain|"
                             "Fleur|Lunettes|Mobile|Jardin|Tacos|Poulet|Clim|Vélo",
    [LIST_CHAIN_HEADS] = "Marché|Distri|Crédit|Mutuelle|Clinique|Matériaux|Transports|Assurances|"
                         "Résidences|Jouets|Bureau|Chauss|Casa|Électro|Habitat|Auto|Sport|Coop",
    [LIST_CHAIN_TAILS] =
        "Méridien|Aurore|Pyrène|Océane|Armorique|Galaxie|Centrale|Optimum|Plein Sud|"
        "Avenir|Concorde|Liberté|Renaissance|Panorama|Horizons|Étoile|Provence|Vega",
    [LIST_ODD_HEADS] =
        "Résidence|Comité social|Ferme|Copropriété|Indivision|Manoir|Clos|Moulin|Société nouvelle|"
        "Groupement forestier|Cave coopérative|Syndicat mixte|Maison familiale|Les jardins|"
        "Institut|Compagnie|Comptoirs réunis|Laboratoires|Ateliers|Studio",
    [LIST_JOBS] =
        "Gérant|Gérante|Directeur|Directrice|Président|DRH|Responsable RH|Chargée de recrutement|"
        "Comptable|Secrétaire|Assistante de direction|Chef d'atelier|Conducteur de travaux|"
        "Responsable de site|Maire|Adjointe au maire|Secrétaire général|Tuteur|Commerciale|"
        "Chef de cuisine|Responsable d'exploitation",
    [LIST_FREE_MAIL] =
        "gmail.com|orange.fr|wanadoo.fr|free.fr|sfr.fr|laposte.net|hotmail.com|hotmail.fr|"
        "outlook.fr|yahoo.fr|bbox.fr|live.fr|icloud.com",
    [LIST_BOXES] = "contact|contact|contact|contact|info|accueil|direction|rh|recrutement|"
                   "secretariat|commercial|administration|bonjour",
    [LIST_FORMS] =
        "SARL;S.A.R.L.;Société à responsabilité limitée|SAS;S.A.S.;Société par actions simplifiée|"
        "SARL;Sarl;S.A.R.L|SAS;S.A.S;Société par actions simplifiée|"
        "SASU;S.A.S.U.;Société par actions simplifiée unipersonnelle|"
        "EURL;E.U.R.L.;Entreprise unipersonnelle à responsabilité limitée|"
        "SA;S.A.;Société anonyme|SNC;S.N.C.;Société en nom collectif|SCOP;Scop;Sté coopérative|"
        "SELARL;Selarl;S.E.L.A.R.L.",
    [LIST_TOWNS] =
        "Paris;75001,75008,75011,75013,75020;2100000|Marseille;13001,13005,13008,13013;870000|"
        "Lyon;69001,69003,69007,69009;520000|Toulouse;31000,31200,31400;500000|"
        "Nice;06000,06200;340000|Nantes;44000,44300;320000|Montpellier;34000,34070;300000|"
        "Strasbourg;67000,67100;290000|Bordeaux;33000,33300;260000|Lille;59000,59800;235000|"
        "Rennes;35000,35200;222000|Reims;51100;180000|Saint-Étienne;42000,42100;174000|"
        "Le Havre;76600;166000|Grenoble;38000,38100;158000|Dijon;21000;159000|Angers;49000;157000|"
        "Nîmes;30000,30900;148000|Saint-Denis;93200;113000|Saint-Denis;97400;153000|"
        "Clermont-Ferrand;63000,63100;147000|Le Mans;72000,72100;145000|Brest;29200;140000|"
        "Tours;37000,37100;137000|Amiens;80000;134000|Limoges;87000;130000|Metz;57000;120000|"
        "Besançon;25000;118000|Perpignan;66000;119000|Orléans;45000;116000|Caen;14000;105000|"
        "Mulhouse;68100,68200;106000|Rouen;76000;114000|Nancy;54000;104000|Avignon;84000;91000|"
        "Poitiers;86000;89000|La Rochelle;17000;78000|Pau;64000;77000|Ajaccio;20000;72000|"
        "Bastia;20200;48000|Calais;62100;67000|Cannes;06400;74000|Saint-Nazaire;44600;72000|"
        "Vannes;56000;54000|Chambéry;73000;59000|Saint-Brieuc;22000;44000|Châteauroux;36000;43000|"
        "Moulins;03000;19600|Montluçon;03100;33500|Vichy;03200;25300|Cusset;03300;12800|"
        "Yzeure;03400;13100|Gannat;03800;5700|Commentry;03600;5900|Varennes-sur-Allier;03150;3500|"
        "Saint-Pourçain-sur-Sioule;03500;5200|Bourbon-l'Archambault;03160;2500|Dompierre-sur-Besbre;"
        "03290;2900|Lapalisse;03120;3100|Aubervilliers;93300;88000|L'Haÿ-les-Roses;94240;31000|"
        "Le Puy-en-Velay;43000;19000|Les Sables-d'Olonne;"
        "85100;44000|Sainte-Marie;97438;34000|Sainte-Foy-la-Grande;33220;2500|Ville-d'Avray;92410;"
        "11500|Villeneuve-Saint-Georges;94190;34000|Saint-Julien-en-Genevois;74160;15000|Oô;31110;100",
    [LIST_TOWN_HEADS] =
        "Saint-Martin|Saint-Pierre|Saint-Jean|Sainte-Colombe|Saint-Aubin|Saint-Hilaire|Sainte-Croix|"
        "Villeneuve|Châteauneuf|Beaumont|Montigny|Neuville|Villiers|Fontaine|Marcilly|Savigny|"
        "Champagne|Rochefort|Belleville|Castelnau|Montréal|La Chapelle|Le Mesnil|Les Essarts|"
        "L'Isle|Pont|Mareuil|Bussy|Chaumont|Verneuil|Bonneval|Clairac|Ferrières|Granville|Juvigny",
    [LIST_TOWN_TAILS] =
        "sur-Loire;37|en-Forez;42|les-Bains;74|sur-Allier;03|le-Château;72|en-Bocage;61|sur-Seine;77|"
        "de-Provence;83|en-Bresse;01|sur-Mer;50|lès-Dijon;21|la-Forêt;27|du-Bois;85|en-Vexin;95|"
        "sur-Marne;51|des-Landes;40|d'Aunis;17|en-Quercy;82|sur-Saône;71|les-Mines;62|du-Gard;30|"
        "en-Vercors;26|d'Armagnac;32|la-Rivière;87|sous-Bois;93|aux-Bois;08|le-Vieux;80|d'Oléron;17|"
        "en-Artois;59|sur-Vilaine;35",
};

static struct words split[LIST_COUNT];

static void split_list(struct words *words, const char *list)
{
    size_t   length = strlen(list) + 1;
    uint32_t count  = 1;

    for (const char *c = list; *c; c++) {
        count += *c == '|';
    }
    words->text = memory_new(length);
    memcpy(words->text, list, length);
    words->at    = memory_zero(count * sizeof *words->at);
    words->count = count;
    char *at     = words->text;
    for (uint32_t i = 0; i < count; i++) {
        words->at[i] = at;
        at += strcspn(at, "|");
        *at++ = '\0';
    }
}

void words_open(void)
{
    for (int i = 0; i < LIST_COUNT; i++) {
        split_list(&split[i], lists[i]);
    }
}

void words_close(void)
{
    for (int i = 0; i < LIST_COUNT; i++) {
        free(split[i].at);
        free(split[i].text);
    }
}

const struct words *words_of(enum list list)
{
    return &split[list];
}

uint32_t words_parts(const char *entry)
{
    uint32_t count = 1;
    for (; *entry; entry++) {
        count += *entry == ';';
    }
    return count;
}

void words_part(const char *entry, uint32_t index, char *into, size_t room)
{
    for (const char *next; index > 0 && (next = strchr(entry, ';')); index--) {
        entry = next + 1;
    }
    size_t length = strcspn(entry, ";");
    length        = length < room ? length : room - 1;
    memcpy(into, entry, length);
    into[length] = '\0';
}
