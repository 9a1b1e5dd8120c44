// The hiring potential of an employer, part by part, each in a sentence: no score without its reasons.
import { useQuery } from "@tanstack/react-query";
import type { Schema } from "@/api/client";
import { potentialOf } from "@/api/queries";
import { classes } from "@/ui/classes";
import { Failure, Skeleton } from "@/ui/States";
import { count, plural } from "@/words/number";
import { french } from "@/words/typography";
import style from "./Potential.module.css";

type Score = Schema<"Potential">;
type Line = { name: string; points: number; most: number; words: string };

const decimal = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1, signDisplay: "negative" });

/** « 2 besoins déclarés, 1 offre confirmée » */
function knownWords({ known }: Score): string {
  const said = [
    known.needs > 0 && plural(known.needs, "besoin déclaré", "besoins déclarés"),
    known.offers > 0 && plural(known.offers, "offre confirmée", "offres confirmées"),
    known.hired > 0 && plural(known.hired, "recrutement par un partenaire", "recrutements par des partenaires"),
    known.declined > 0 && plural(known.declined, "rencontre sans besoin", "rencontres sans besoin"),
  ].filter(Boolean);
  return said.length > 0 ? `Depuis deux ans : ${said.join(", ")}.` : "Les partenaires ne savent rien de ses embauches depuis deux ans.";
}

function linesOf(score: Score): Line[] {
  const { size, activity, market, known } = score;
  const jobs = activity.occupations.map((one) => one.label.toLowerCase());
  return [
    { name: "Effectif", points: size.points, most: size.most, words: size.band ? `${size.band}.` : "Effectif inconnu, compté comme un salarié." },
    {
      name: "Activité",
      points: activity.points,
      most: activity.most,
      words: activity.rank === null ? "Embauches de cette activité inconnues, comptées au milieu." : `Recrute plus que ${count(activity.rank)} activités sur 100${jobs.length > 0 ? ` ; surtout : ${jobs.join(", ")}` : ""}.`,
    },
    {
      name: "Marché du bassin",
      points: market.points,
      most: market.most,
      words:
        market.projects === null
          ? "Projets d’embauche du bassin inconnus pour ces métiers, comptés au milieu."
          : `${plural(market.projects, "projet")} d’embauche dans ces métiers, ${market.bassin ?? "bassin"}${market.year ? `, enquête BMO ${market.year}` : ""}${market.difficult === null ? "" : `, dont ${count(market.difficult)}\u202f% jugés difficiles`}.`,
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
                    {decimal.format(line.points)}
                    <span className={style.soft}> / {line.most}</span>
                  </span>
                  <span className={style.bar} aria-hidden>
                    <span className={classes(style.fill, line.points < 0 && style.minus)} style={{ width: `${Math.min(100, (Math.abs(line.points) / line.most) * 100)}%` }} />
                  </span>
                  <span className={style.words}>{french(line.words)}</span>
                </dd>
              </div>
            ))}
          </dl>
          <p className={style.soft}>Un ordre entre employeurs, pas une prédiction.</p>
        </>
      )}
    </section>
  );
}
