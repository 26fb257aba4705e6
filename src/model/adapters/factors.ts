import { moduleOf } from '../names/index.js';

/** Segments of names that only adapters have. Source: `PEFT_TYPE_TO_PREFIX_MAPPING` of peft 0.21, and the names of LyCORIS, kohya and MLX. */
const factorSegment =
  /^(?:lora|hada|lokr|oft|boft|ia3|vera|pvera|adamss|beft|c3a|deft|delora|fourierft|frod|glora|gralora|hira|hra|lily|ln_tuning|miss|osf|peanut|poly_lora|psoft|randlora|road|shira|supertuning|tinylora|trainable_tokens|unilora|vblora|waveft|dora)_\w/i;
/** Prompt learning stores virtual tokens in place of factors. */
const promptNames = /(?:^|\.)(?:prompt_embeddings|prefix_task_\w+|prefix_embeddings)$/;

/** What kohya's scripts store beside the factors of a module. */
const scaleLeaves: ReadonlySet<string> = new Set(['alpha', 'dora_scale']);

/** What a factor is told by: a stored tensor, or a parameter. */
interface Named {
  readonly name: string;
}

/** A factor of an adapter: the module it adapts, and the segment of the name that says its role. */
export interface Factor<Of extends Named = Named> {
  readonly of: Of;
  /** Name of the module, the adapter's own prefix included: `base_model.model.model.layers.0.self_attn.q_proj`. */
  readonly module: string;
  /** `lora_A`, `lora_b`, `hada_w1_a`, `ia3_l`. */
  readonly role: string;
  /** What follows: `weight`, `bias`, or nothing. */
  readonly member: string;
}

/** The factor that a tensor is, by its name; null for any other tensor. */
export function factorOf<Of extends Named>(of: Of): Factor<Of> | null {
  const segments = of.name.split('.');
  const leaf = segments.at(-1)!;
  if (scaleLeaves.has(leaf) && factorSegment.test(segments[0]!))
    return { of, module: segments.slice(0, -1).join('.'), role: leaf, member: '' };
  const at = segments.findLastIndex((segment) => factorSegment.test(segment));
  if (at >= 0) return { of, module: segments.slice(0, at).join('.'), role: segments[at]!, member: segments.slice(at + 1).join('.') };
  if (promptNames.test(of.name)) return { of, module: moduleOf(of.name), role: leaf, member: '' };
  return null;
}

/** Rank of the factor pair that a LoRA factor belongs to; null for the second factor and for other kinds. */
export function rankOf({ of: { shape }, role }: Factor<Named & { readonly shape: readonly number[] }>): number | null {
  if (role === 'lora_a') return shape.at(shape.length === 3 ? 1 : -1) ?? null; // MLX: [inputs, rank], experts [experts, rank, inputs]
  if (/^lora_(?:A|down)$/.test(role)) return shape[0] ?? null;
  return role === 'lora_embedding_A' ? (shape[0] ?? null) : null;
}
