import { useActFor, useLeave, useSession } from "@/features/session/session";
import { allowed, routes } from "@/routes";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Link } from "@/ui/Link";
import { Organisation } from "@/ui/Network";
import { roles } from "@/words/domain";
import { phonePlaces } from "./Shell";
import style from "./MorePage.module.css";

export default function MorePage() {
  const session = useSession();
  const leave = useLeave();
  const actFor = useActFor();
  const nav = routes.filter((route) => route.nav && allowed(route, session.role));
  const rest = nav.filter((route) => !phonePlaces(nav).includes(route));
  return (
    <div className={style.page}>
      <h1>Plus</h1>
      <ul className={style.list}>
        {(session.role === "adviser" || session.role === "manager") && (
          <li>
            <Link href="/terrain" className={style.item}>
              <Icon name="phone" size={20} />
              <span>Sur le terrain, même sans réseau</span>
              <Icon name="right" size={16} />
            </Link>
          </li>
        )}
        {rest.map((route) => (
          <li key={route.path}>
            <Link href={route.path.replace(/\/:.*$/, "")} className={style.item}>
              <Icon name={route.icon ?? "list"} size={20} />
              <span>{route.title}</span>
              <Icon name="right" size={16} />
            </Link>
          </li>
        ))}
        <li>
          <Link href="/offres" className={style.item}>
            <Icon name="public" size={20} />
            <span>Page publique des offres</span>
            <Icon name="right" size={16} />
          </Link>
        </li>
      </ul>
      <section className={style.account} aria-label="Compte">
        <h2>{session.member.name}</h2>
        <p>
          {roles[session.role]} · {session.member.email}
        </p>
        {session.organisations.length > 1 && <h3>Agir pour</h3>}
        {session.organisations.map((item) => (
          <Button key={item.id} wide look={item.id === session.organisation.id ? "plain" : "quiet"} isDisabled={item.id === session.organisation.id} onPress={() => void actFor(item.id)}>
            <Organisation name={item.name} network={item.network} />
          </Button>
        ))}
        {session.instance.demo && <p>Instance de démonstration : les données sont fictives.</p>}
        <Button icon="leave" onPress={() => void leave()}>
          Se déconnecter
        </Button>
      </section>
    </div>
  );
}
