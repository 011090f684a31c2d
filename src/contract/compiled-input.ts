/** What a compiled model takes, and refuses as the model it was made of does: one matrix, or a column for each input. */
export type CompiledInput = MatrixInput | { kind: "table"; columns: ColumnInput[] };

/** `mixed`: it takes numbers that are written as text. */
interface MatrixInput {
  kind: "matrix";
  missing: boolean;
  infinite: boolean;
  mixed: boolean;
}

export interface ColumnInput {
  name: string;
  /** `any`: the model looks at no value of this column. */
  type: "number" | "text" | "any";
  /** It takes null. */
  missing: boolean;
  /** It takes infinities. */
  infinite: boolean;
  /** It takes numbers that are written as text, and where it takes text, numbers. */
  mixed: boolean;
  /** The values it takes; null: any. */
  only: (string | number)[] | null;
}
