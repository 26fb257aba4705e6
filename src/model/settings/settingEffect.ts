import type { SettingEffect } from './settings.js';

/** Names of settings, by what they decide. A setting of a part is known by its own name. */
const effects: Readonly<Record<Exclude<SettingEffect, 'unknown'>, string>> = {
  weights: `
    model_type num_attention_heads num_key_value_heads head_dim global_head_dim num_heads num_kv_heads num_global_key_value_heads
    num_experts_per_tok num_experts_per_token top_k_experts moe_topk moe_k hidden_act hidden_activation activation_function activation
    mlp_hidden_act norm_type attn_type position_embedding_type alibi multi_query new_decoder_architecture parallel_attn use_parallel_residual
    n_group topk_group n_groups qk_nope_head_dim qk_rope_head_dim v_head_dim qk_head_dim rope_interleave linear_num_key_heads
    linear_num_value_heads linear_key_head_dim linear_value_head_dim mamba_n_heads mamba_d_head mamba_n_groups mamba_num_heads
    mamba_head_dim num_kv_shared_layers scale_attn_by_inverse_layer_idx scoring_func do_layer_norm_before gating_function`,
  shape: `
    hidden_size intermediate_size num_hidden_layers vocab_size embedding_size num_experts num_local_experts n_routed_experts n_shared_experts
    num_shared_experts moe_intermediate_size shared_expert_intermediate_size moe_num_experts tie_word_embeddings attention_bias mlp_bias
    use_bias use_qkv_bias qkv_bias qkv_proj_bias add_qkv_bias lm_head_bias bias n_inner ffn_dim ffn_hidden_size q_lora_rank kv_lora_rank
    type_vocab_size word_embed_proj_dim decoder_layers encoder_layers num_encoder_layers num_decoder_layers num_layers use_qk_norm
    vocab_size_per_layer_input hidden_size_per_layer_input mamba_d_state mamba_d_conv mamba_expand mamba_proj_bias mamba_conv_bias
    state_size conv_kernel expand projection_dim num_channels patch_size image_size num_mtp_layers mlp_layer_types`,
  forward: `
    rms_norm_eps layer_norm_eps layer_norm_epsilon norm_eps norm_epsilon eps sliding_window layer_types use_sliding_window max_window_layers
    query_pre_attn_scalar attn_logit_softcapping final_logit_softcapping logits_soft_cap output_logit_soft_cap moe_router_logit_softcapping
    embedding_multiplier residual_multiplier attention_multiplier logits_scaling logit_scale scale_emb scale_depth dim_model_base
    scale_embedding scale_attn_weights norm_topk_prob routed_scaling_factor router_scaling_factor no_rope_layers rope_parameters
    rope_theta rope_scaling partial_rotary_factor attention_chunk_size attn_temperature_tuning attn_scale floor_scale swiglu_limit
    use_bidirectional_attention max_position_embeddings original_max_position_embeddings clip_qkv activation_sparsity_pattern
    attention_sink sinks emb_scale lm_head_multiplier mlp_multipliers key_multiplier ssm_multipliers attention_in_multiplier
    attention_out_multiplier ssm_in_multiplier ssm_out_multiplier time_step_min time_step_max time_step_limit time_step_floor
    is_decoder add_cross_attention rotary_dim rotary_pct window_size local_attention image_mean image_std`,
  generation: `
    temperature top_k top_p min_p typical_p do_sample max_length min_length max_new_tokens num_beams repetition_penalty length_penalty
    no_repeat_ngram_size encoder_no_repeat_ngram_size early_stopping bad_words_ids suppress_tokens begin_suppress_tokens prefix
    num_return_sequences diversity_penalty num_beam_groups remove_invalid_values exponential_decay_length_penalty task_specific_params
    output_scores return_dict_in_generate`,
  bookkeeping: `
    attention_dropout hidden_dropout resid_pdrop embd_pdrop attn_pdrop dropout activation_dropout hidden_dropout_prob classifier_dropout
    classifier_dropout_prob attention_probs_dropout_prob layerdrop decoder_layerdrop encoder_layerdrop embedding_dropout residual_dropout
    summary_first_dropout summary_last_dropout summary_type summary_use_proj summary_activation summary_proj_to_labels initializer_range
    initializer_factor init_std embedding_initializer_range router_aux_loss_coef aux_loss_alpha aux_loss_coef router_z_loss_coef
    z_loss_coefficient output_router_logits router_jitter_noise input_jitter_noise seq_aux pretraining_tp dtype id2label
    quantization_config quantization compression_config use_mamba_kernels use_mambapy rescale_prenorm_residual num_logits_to_keep
    reorder_and_upcast_attn attention_softmax_in_fp32 scale_attention_softmax_in_fp32 use_mem_efficient_attention use_flash_attn
    use_dynamic_ntk use_logn_attn use_cache_quantization use_cache_kernel fp16 bf16 fp32 gradient_checkpointing ep_size
    is_encoder_decoder tf_legacy_loss pruned_heads cross_attention_hidden_size training_args`,
};

const effectOfName = new Map(
  Object.entries(effects).flatMap(([effect, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, effect as SettingEffect] as const),
  ),
);

/** Token ids have many names: `eos_token_id`, `image_token_id`, `boi_token_index`. */
const tokenId = /(?:_token_ids?|_token_index)$/;

/** @returns what a setting decides, by its name: that of a record for what is in it, else the last part */
export function settingEffect(name: string): SettingEffect {
  const known = name.split('.').map((part) => (tokenId.test(part) ? 'generation' : effectOfName.get(part)));
  return known.find((effect) => effect !== undefined) ?? 'unknown';
}
