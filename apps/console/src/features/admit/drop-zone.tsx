import { Button } from "@mantine/core";
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { IconUpload } from "../../shared/ui/icons.js";
import styles from "./admit.module.css";
import { type Picked, readChosen, readDrop } from "./read-drop.js";

interface DropZoneProps {
  onPick(picked: Picked): void;
}

/** Drag a model in, or choose it: a folder with everything in it, or single files. */
export function DropZone({ onPick }: DropZoneProps): ReactNode {
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    setOver(false);
    onPick(await readDrop(event.dataTransfer.items));
  };
  const choose = (input: HTMLInputElement): void => {
    if (input.files !== null && input.files.length > 0) onPick(readChosen(input.files));
    input.value = "";
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging needs a surface; the buttons inside do the same by keyboard
    <div
      className={styles.zone}
      data-over={over || undefined}
      data-testid="drop-zone"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <IconUpload size={26} />
      <div className={styles.invite}>
        <strong>{over ? "Let go to read it" : "Drop a model here"}</strong>
        <p>A folder or single files. They are read, never run, and the bytes are dropped after the scan.</p>
      </div>
      <div className={styles.choose}>
        <Button size="xs" variant="default" onClick={() => folder.current?.click()}>
          Choose a folder
        </Button>
        <Button size="xs" variant="default" onClick={() => files.current?.click()}>
          Choose files
        </Button>
      </div>
      <input ref={files} type="file" multiple hidden onChange={(event) => choose(event.currentTarget)} />
      <input
        ref={folder}
        type="file"
        hidden
        onChange={(event) => choose(event.currentTarget)}
        {...DIRECTORY}
      />
    </div>
  );
}

// React's types do not know the attribute, every browser does.
const DIRECTORY = { webkitdirectory: "" };
