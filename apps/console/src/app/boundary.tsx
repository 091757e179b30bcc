import { Component, type ReactNode } from "react";
import { Failure } from "../shared/ui/state.js";

interface BoundaryState {
  error: Error | undefined;
}

/** A fault in one page is said, not a blank screen. */
export class Boundary extends Component<{ children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: undefined };

  static getDerivedStateFromError(error: Error): BoundaryState {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div style={{ padding: 24 }}>
        <Failure error={error} retry={() => this.setState({ error: undefined })} />
      </div>
    );
  }
}
