int main(void) {
  int x = "text";
  return y;
}
