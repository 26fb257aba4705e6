/** What may be given as a model, for the help of commands. */
export const addressHelp =
  'a file of weights (.safetensors, .bin, .pt, .pth, .ckpt, .gguf, .npz), an index of shards, a folder as transformers and diffusers load it (also of a Hugging Face cache), or PATH#PART: ' +
  "one of several in a folder, such as a variant (#fp16), a pipeline's part (#unet) or a cached revision (#main). " +
  'BASE+ADAPTER is a model with an adapter of PEFT or MLX; several follow each other, and a factor scales the change: BASE+ADAPTER1*0.5+ADAPTER2.';
