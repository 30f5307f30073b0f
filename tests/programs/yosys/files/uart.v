// A serial transmitter, a small arithmetic unit and a counter: state machines, memories and arithmetic to work on.
module counter #(parameter WIDTH = 8) (input clk, input rst, input up, output reg [WIDTH-1:0] value);
  always @(posedge clk)
    if (rst) value <= 0;
    else value <= up ? value + 1 : value - 1;
endmodule

module alu (input [7:0] a, input [7:0] b, input [2:0] op, output reg [7:0] y, output zero);
  always @* begin
    case (op)
      3'd0: y = a + b;
      3'd1: y = a - b;
      3'd2: y = a & b;
      3'd3: y = a | b;
      3'd4: y = a ^ b;
      3'd5: y = a << b[2:0];
      3'd6: y = a * b;
      default: y = {8{a < b}};
    endcase
  end
  assign zero = y == 0;
endmodule

// The same adder, once as arithmetic and once by hand.
module adders (input [7:0] a, input [7:0] b, output [8:0] plus, output [8:0] ripple);
  wire [8:0] carry;
  assign plus = a + b;
  assign carry[0] = 0;
  genvar i;
  generate
    for (i = 0; i < 8; i = i + 1) begin : bits
      assign ripple[i] = a[i] ^ b[i] ^ carry[i];
      assign carry[i+1] = (a[i] & b[i]) | (carry[i] & (a[i] ^ b[i]));
    end
  endgenerate
  assign ripple[8] = carry[8];
endmodule

module uart (input clk, input rst, input start, input [7:0] data, output reg line, output busy);
  localparam IDLE = 0, START = 1, BITS = 2, STOP = 3;
  reg [1:0] state;
  reg [2:0] index;
  reg [7:0] shift;
  assign busy = state != IDLE;
  always @(posedge clk)
    if (rst) begin
      state <= IDLE;
      line <= 1;
      index <= 0;
    end else case (state)
      IDLE: if (start) begin shift <= data; state <= START; line <= 1; end
      START: begin line <= 0; state <= BITS; index <= 0; end
      BITS: begin
        line <= shift[0];
        shift <= shift >> 1;
        index <= index + 1;
        if (index == 7) state <= STOP;
      end
      STOP: begin line <= 1; state <= IDLE; end
    endcase
endmodule
