import { type ReactNode, useState } from "react";
import { Switch } from "../../shared/ui/switch.js";
import type { Look } from "./chart.js";
import styles from "./chart.module.css";

export const useLook = (): [Look, (look: Look) => void] =>
  useState<Look>({ log: false, smoothing: 0, axis: "step" });

interface LookControlsProps {
  look: Look;
  onChange(look: Look): void;
}

/** How all curves of a page are drawn. */
export function LookControls({ look, onChange }: LookControlsProps): ReactNode {
  return (
    <div className={styles.controls}>
      <Switch
        label="Scale"
        options={[
          { value: "linear", label: "Linear" },
          { value: "log", label: "Log" },
        ]}
        value={look.log ? "log" : "linear"}
        onChange={(value) => onChange({ ...look, log: value === "log" })}
      />
      <Switch
        label="Horizontal axis"
        options={[
          { value: "step", label: "Steps" },
          { value: "time", label: "Time" },
        ]}
        value={look.axis}
        onChange={(axis) => onChange({ ...look, axis })}
      />
      <label>
        Smoothing
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={look.smoothing}
          onChange={({ currentTarget }) => onChange({ ...look, smoothing: Number(currentTarget.value) })}
        />
        {look.smoothing.toFixed(2)}
      </label>
    </div>
  );
}
