// The hiring potential of an employer, part by part, each in a sentence: no score without its reasons.
import { useQuery } from "@tanstack/react-query";
import type { Schema } from "@/api/client";
import { potentialOf } from "@/api/queries";
import { classes } from "@/ui/classes";
import { Fold } from "@/ui/Fold";
import { Failure, Skeleton } from "@/ui/States";
import { count, plural } from "@/words/number";
import { french } from "@/words/typography";
import style from "./Potential.module.css";

type Score = Schema<"Potential">;
type Line = { name: string; points: number; most: number; words: string[] };

/** A number that is taken away begins with the true minus sign. */
const minus = (words: string): string => words.replace("-", "−");
const decimal = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1, signDisplay: "negative" });

const plain = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1, signDisplay: "never" });
const points = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1, signDisplay: "exceptZero" });
const kinds: Record<Score["known"]["parts"][number]["kind"], [one: string, many: string]> = {
  needs: ["besoin déclaré", "besoins déclarés"],
  offers: ["offre confirmée", "offres confirmées"],
  hired: ["recrutement par un partenaire", "recrutements par des partenaires"],
  declined: ["rencontre sans besoin", "rencontres sans besoin"],
};

/** « 2 besoins déclarés, dont 1 il y a plus d’un an : +12 (8 chaque fois, 16 au plus). », « … : −10 (5 de moins chaque fois, 15 au plus). » */
function knownWords({ known }: Score): string[] {
  if (known.parts.length === 0) return ["Les partenaires ne savent rien de ses embauches depuis deux ans."];
  const old = ({ recent, older }: Score["known"]["parts"][number]) => (older === 0 ? "" : recent === 0 ? ", il y a plus d’un an" : `, dont ${count(older)} il y a plus d’un an`);
  return [
    ...known.parts.map((part) => `${plural(part.recent + part.older, ...kinds[part.kind])}${old(part)} : ${minus(points.format(part.points))} (${plain.format(part.each)}${part.each < 0 ? " de moins" : ""} chaque fois, ${plain.format(part.most)} au plus).`),
    ...(known.parts.some((part) => part.older > 0) ? ["Ce qui date de plus d’un an compte pour moitié, de plus de deux ans pour rien."] : []),
  ];
}

/** The formula of docs/potential.md, for who wants to reckon. */
const rules = [
  "Effectif, de 0 à 50 points : selon le logarithme du milieu de la tranche d’effectif, 50 à partir de 500 salariés.",
  "Activité, de 0 à 35 : son rang parmi toutes les activités par leurs embauches d’une année ; 17,5 quand il est inconnu.",
  "Marché du bassin, de 0 à 15 : selon le logarithme des projets d’embauche du bassin dans les métiers de l’activité, 15 à partir de 2 000 ; 7,5 quand ils sont inconnus.",
  "Ce que l’on sait, de −15 à 30 : 8 points par besoin déclaré et 8 par offre confirmée, 16 au plus pour chacun ; 5 par recrutement par un partenaire, 10 au plus ; 5 de moins par rencontre sans besoin, 15 au plus. Entier pendant un an, moitié l’année suivante, rien ensuite.",
  "La somme, arrondie, reste entre 0 et 100.",
];

function linesOf(score: Score): Line[] {
  const { size, activity, market, known } = score;
  const jobs = activity.occupations.map((one) => one.label.toLowerCase());
  return [
    { name: "Effectif", points: size.points, most: size.most, words: [size.band ? `${size.band}.` : "Effectif inconnu, compté comme un salarié."] },
    {
      name: "Activité",
      points: activity.points,
      most: activity.most,
      words: [activity.rank === null ? "Embauches de cette activité inconnues, comptées au milieu." : `Recrute plus que ${count(activity.rank)} activités sur 100${jobs.length > 0 ? ` ; surtout : ${jobs.join(", ")}` : ""}.`],
    },
    {
      name: "Marché du bassin",
      points: market.points,
      most: market.most,
      words: [
        market.projects === null
          ? "Projets d’embauche du bassin inconnus pour ces métiers, comptés au milieu."
          : `${plural(market.projects, "projet")} d’embauche dans ces métiers, ${market.bassin ?? "bassin"}${market.year ? `, enquête BMO ${market.year}` : ""}${market.difficult === null ? "" : `, dont ${count(market.difficult)}\u202f% jugés difficiles`}.`,
      ],
    },
    { name: "Ce que l’on sait", points: known.points, most: known.most, words: knownWords(score) },
  ];
}

export default function Potential({ id }: { id: number }) {
  const { data, isError, error, refetch } = useQuery(potentialOf(id));
  return (
    <section aria-label="Potentiel d’embauche">
      <h3>Potentiel d’embauche</h3>
      {isError ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={4} shape="text" />
      ) : data.score === null ? (
        <p className={style.soft}>inconnu</p>
      ) : (
        <>
          <p>
            <strong className={style.score}>{data.score}</strong> sur 100{data.strong && ", élevé"}
          </p>
          <dl className={style.parts}>
            {linesOf(data).map((line) => (
              <div key={line.name}>
                <dt>{line.name}</dt>
                <dd>
                  <span className={style.points}>
                    {line.points > 0 && "+"}
                    {minus(decimal.format(line.points))}
                    <span className={style.soft}> / {line.most}</span>
                  </span>
                  <span className={style.bar} aria-hidden>
                    <span className={classes(style.fill, line.points < 0 && style.minus)} style={{ width: `${Math.min(100, (Math.abs(line.points) / line.most) * 100)}%` }} />
                  </span>
                  <span className={style.words}>
                    {line.words.map((words) => (
                      <span key={words}>{french(words)}</span>
                    ))}
                  </span>
                </dd>
              </div>
            ))}
          </dl>
          <p className={style.soft}>Un ordre entre employeurs, pas une prédiction.</p>
          <Fold title="Comment ce score est compté">
            <ul className={style.rules}>
              {rules.map((rule) => (
                <li key={rule}>{rule}</li>
              ))}
            </ul>
          </Fold>
        </>
      )}
    </section>
  );
}
