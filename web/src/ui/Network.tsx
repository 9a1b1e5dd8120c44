// A network is a colour, a letter and a shape, so that it is known in print and by people who see few colours.
import { classes } from "./classes";
import style from "./Network.module.css";

export type NetworkCode = "ft" | "ml" | "ce" | "plie" | (string & {});

const known: Record<string, { letter: string; name: string }> = {
  ft: { letter: "F", name: "France Travail" },
  ml: { letter: "M", name: "Mission Locale" },
  ce: { letter: "C", name: "Cap emploi" },
  plie: { letter: "P", name: "PLIE" },
  contributor: { letter: "S", name: "Contributeur" },
  state: { letter: "E", name: "Services de l’État" },
};

export function networkName(code: NetworkCode): string {
  return known[code]?.name ?? code;
}

// Circle, square, triangle, diamond; the others an open square.
const shapes: Record<string, string> = {
  ft: "M10 1a9 9 0 1 1 0 18 9 9 0 0 1 0-18z",
  ml: "M3.500 2h13A1.500 1.500 0 0 1 18 3.500v13a1.500 1.500 0 0 1-1.500 1.500h-13A1.500 1.500 0 0 1 2 16.500v-13A1.500 1.500 0 0 1 3.500 2z",
  ce: "M10 .8a1.600 1.600 0 0 1 1.400.8l8.200 15.300a1.500 1.500 0 0 1-1.300 2.200H1.700a1.500 1.500 0 0 1-1.300-2.200L8.600 1.600A1.600 1.600 0 0 1 10 .8z",
  plie: "M10 .3a1.500 1.500 0 0 1 1.060.440l8.200 8.200a1.500 1.500 0 0 1 0 2.120l-8.200 8.200a1.500 1.500 0 0 1-2.120 0l-8.200-8.200a1.500 1.500 0 0 1 0-2.120l8.200-8.200A1.500 1.500 0 0 1 10 .3z",
};

export function NetworkMark({ network, size = 18 }: { network: NetworkCode; size?: number }) {
  const of = known[network];
  return (
    <svg viewBox="0 0 20 20" width={size} height={size} className={classes(style.mark, style[network] ?? style.other)} role="img" aria-label={of?.name ?? network}>
      <title>{of?.name ?? network}</title>
      <path d={shapes[network] ?? "M4 4h12v12H4z"} />
      <text x="10" y={network === "ce" ? 16.4 : 13.9} textAnchor="middle" aria-hidden>
        {of?.letter ?? "?"}
      </text>
    </svg>
  );
}

export function Organisation({ name, network, member, size }: { name: string; network: NetworkCode; member?: string | null | undefined; size?: number }) {
  return (
    <span className={style.organisation}>
      <NetworkMark network={network} size={size} />
      <span className={style.name} title={member ? `${name}, ${member}` : name}>
        {name}
        {member && <span className={style.member}> · {member}</span>}
      </span>
    </span>
  );
}
