/** The facts of a Hugging Face `config.json` that this tool uses. Every one may be missing in a given file. */
export interface ModelConfig {
  readonly modelType: string | null;
  readonly architecture: string | null;
  readonly hiddenSize: number | null;
  readonly layerCount: number | null;
  readonly vocabularySize: number | null;
  readonly tiedEmbeddings: boolean | null;
}
