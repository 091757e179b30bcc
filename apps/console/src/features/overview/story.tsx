import type { Overview } from "@countersign/api";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { Command } from "../../shared/ui/command.js";
import { approveCommand, tellsHowToApprove, topic } from "../../shared/ui/decisions.js";
import { IconCheck, IconClock, IconCross } from "../../shared/ui/icons.js";
import { Reasons } from "../../shared/ui/reasons.js";
import { Time } from "../../shared/ui/time.js";
import styles from "./story.module.css";

type Card = Overview["admitted"][number];

const COLUMNS = [
  {
    key: "admitted",
    tone: "ok",
    title: "Admitted",
    icon: IconCheck,
    note: "Policy allows it on signed evidence.",
    empty: "Nothing has been admitted yet.",
  },
  {
    key: "waiting",
    tone: "wait",
    title: "Waiting",
    icon: IconClock,
    note: "Allowed once the named people approve.",
    empty: "Nobody has to approve anything.",
  },
  {
    key: "refused",
    tone: "bad",
    title: "Refused",
    icon: IconCross,
    note: "May not run, with the reason and the way out.",
    empty: "Nothing has been refused.",
  },
] as const;

/** The workspace at a glance: three piles, each card with its reason and the next command. */
export function Story({ overview }: { overview: Overview }): ReactNode {
  return (
    <div className={styles.columns}>
      {COLUMNS.map(({ key, tone, title, icon: Icon, note, empty }) => (
        <section key={key} className={styles.column} data-tone={tone} aria-labelledby={`story-${key}`}>
          <header>
            <h2>
              <Icon size={17} />
              <span id={`story-${key}`}>{title}</span>
              <span className={styles.count}>{overview.counts[key]}</span>
            </h2>
            <p>{note}</p>
          </header>
          {overview[key].length === 0 ? (
            <p className={styles.empty}>{empty}</p>
          ) : (
            <ul className={styles.cards}>
              {overview[key].map((card) => (
                <CardItem key={`${card.name} ${card.artifact}`} card={card} />
              ))}
            </ul>
          )}
        </section>
      ))}
    </div>
  );
}

function CardItem({ card }: { card: Card }): ReactNode {
  const { decision } = card;
  return (
    <li className={styles.card}>
      <div className={styles.head}>
        <Link href={routes.version(card.artifact)} className={styles.name}>
          {card.name}
        </Link>
        <span className={styles.when}>
          <Time at={decision?.at ?? card.at} />
        </span>
      </div>
      <p className={styles.topic}>
        {decision === null ? "No gate has decided yet" : topic(decision)}
        {card.environments.length > 0 && ` · runs in ${card.environments.join(", ")}`}
      </p>
      {decision !== null &&
        (decision.outcome === "allow" ? <Allowed /> : <Reasons decision={decision} limit={2} />)}
      {decision?.outcome === "pending" && !tellsHowToApprove(decision) && (
        <Command>{approveCommand(decision)}</Command>
      )}
    </li>
  );
}

function Allowed(): ReactNode {
  return <p>Every rule is satisfied.</p>;
}
