import type { CompanionReader } from '../../checkpoint/index.js';
import type { ModelPlan } from '../../combine/index.js';
import type { BosChoice, Tokenizer, TokenizerThread } from '../../model/tokenizer/index.js';
import { plannedFileName, readPlannedFile, requirePlannedFile } from './plannedFiles.js';

const remedy = 'Texts are turned into tokens with it: copy it from the base model.';

/** Reads the tokenizers that candidates would have; one that several candidates share is built once. */
export class TokenizerReader {
  readonly #known = new Map<string, Promise<Tokenizer>>();

  constructor(
    private readonly companions: CompanionReader,
    private readonly thread: TokenizerThread,
    private readonly bos: BosChoice,
  ) {}

  /** @throws CandidateError, FormatError */
  async read(plan: ModelPlan): Promise<Tokenizer> {
    const text = await requirePlannedFile(plan, 'tokenizer.json', this.companions, remedy);
    const configText = await readPlannedFile(plan, 'tokenizer_config.json', this.companions);
    const modelConfigText = await readPlannedFile(plan, 'config.json', this.companions);
    const key = JSON.stringify([text, configText, modelConfigText]);
    const files = { file: plannedFileName(plan, 'tokenizer.json'), text, configText, modelConfigText, bos: this.bos };
    const known = this.#known.get(key) ?? this.thread.load(files);
    this.#known.set(key, known);
    return known;
  }
}
