import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";
import { classes } from "./classes";
import style from "./Tabs.module.css";

export type TabItem = { id: string; label: string; count?: number | undefined; content: ReactNode };

export function Tabs({ label, items, selected, onSelect, className }: { label: string; items: TabItem[]; selected: string; onSelect: (id: string) => void; className?: string }) {
  return (
    <AriaTabs selectedKey={selected} onSelectionChange={(key) => onSelect(String(key))} className={classes(style.tabs, className)}>
      <TabList aria-label={label} className={style.list}>
        {items.map((item) => (
          <Tab key={item.id} id={item.id} className={style.tab}>
            {item.label}
            {item.count !== undefined && item.count > 0 && <span className={style.count}>{item.count}</span>}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className={style.panel}>
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
