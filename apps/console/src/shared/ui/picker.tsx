import { TextInput } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { IconSearch } from "./icons.js";
import styles from "./picker.module.css";

export interface Choice {
  value: string;
  label: string;
  note: string;
  icon?: ReactNode;
}

interface PickerProps {
  label: string;
  placeholder: string;
  text: string;
  onText(text: string): void;
  choices: Choice[];
  /** What to say when nothing matches. */
  none: string;
  onPick(choice: Choice): void;
}

/** A field that offers what matches while one types: arrows choose, Enter takes. */
export function Picker(props: PickerProps): ReactNode {
  const { label, placeholder, text, onText, choices, none, onPick } = props;
  const id = useId();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const active = Math.min(at, choices.length - 1);
  const pick = (choice: Choice | undefined): void => {
    if (choice === undefined) return;
    setOpen(false);
    onPick(choice);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      setOpen(true);
      setAt(Math.max(0, Math.min(choices.length - 1, open ? active + step : active)));
    } else if (event.key === "Enter" && open) pick(choices[active]);
    else if (event.key === "Escape" && open) setOpen(false);
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles.picker}>
      <TextInput
        label={label}
        placeholder={placeholder}
        leftSection={<IconSearch size={15} />}
        value={text}
        role="combobox"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && active >= 0 ? `${id}-${active}` : undefined}
        autoComplete="off"
        onFocus={({ currentTarget }) => {
          currentTarget.select();
          setOpen(true);
        }}
        onChange={({ currentTarget }) => {
          onText(currentTarget.value);
          setAt(0);
          setOpen(true);
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {open && (
        <div className={styles.list} id={`${id}-list`} role="listbox" aria-label={label}>
          {choices.map((choice, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive: see the list
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are taken by the field
            <div
              key={choice.value}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              onPointerEnter={() => setAt(index)}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => pick(choice)}
            >
              {choice.icon}
              <span>
                <strong>{choice.label}</strong>
                <small>{choice.note}</small>
              </span>
            </div>
          ))}
          {choices.length === 0 && <p className={styles.none}>{none}</p>}
        </div>
      )}
    </div>
  );
}
