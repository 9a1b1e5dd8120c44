import type { ReactNode } from "react";
import { Button as AriaButton, Header, Menu as AriaMenu, MenuItem, MenuSection, MenuTrigger, Popover, Text } from "react-aria-components";
import { Icon, type IconName } from "./Icon";
import style from "./Menu.module.css";

export type MenuChoice = { id: string; label: string; detail?: string; icon?: IconName; before?: ReactNode; run: () => void; current?: boolean; disabled?: boolean };
export type MenuGroup = { id: string; title?: string; items: MenuChoice[] };

/** A button that opens a list of actions. */
export function Menu({ label, trigger, groups, className, named }: { label: string; /** The trigger says its own name. */ named?: boolean; trigger: ReactNode; groups: MenuGroup[]; className?: string | undefined }) {
  const all = groups.flatMap((group) => group.items);
  return (
    <MenuTrigger>
      <AriaButton aria-label={named ? undefined : label} className={className ?? style.trigger}>
        {trigger}
      </AriaButton>
      <Popover className={style.popover} placement="bottom end">
        <AriaMenu className={style.menu} onAction={(key) => all.find((item) => item.id === key)?.run()} disabledKeys={all.filter((item) => item.disabled).map((item) => item.id)}>
          {groups.map((group) => (
            <MenuSection key={group.id} className={style.section} aria-label={group.title ?? label}>
              {group.title && <Header className={style.title}>{group.title}</Header>}
              {group.items.map((item) => (
                <MenuItem key={item.id} id={item.id} textValue={item.label} className={style.item}>
                  {item.before ?? (item.icon && <Icon name={item.icon} />)}
                  <span className={style.words}>
                    <Text slot="label">{item.label}</Text>
                    {item.detail && (
                      <Text slot="description" className={style.detail}>
                        {item.detail}
                      </Text>
                    )}
                  </span>
                  {item.current && <Icon name="check" size={14} label="actuel" />}
                </MenuItem>
              ))}
            </MenuSection>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
